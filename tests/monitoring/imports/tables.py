"""The table that the tests import: invented sentences under headings as they are printed."""

HEADINGS = ["N", "Aspects", "Alpha CLC", "Beta CLC", "Conclusion and recommendations"]
TABLE = [
    HEADINGS,
    [
        "1.",
        "Plan",
        "A plan for the year hangs on the wall. Perspective: a plan for two years.",
        "No plan yet.",
        "One centre of two plans. Recommendations: 1. Write a plan. 2. Show it to the committee.",
    ],
    ["2.", "Equipment", "All six looms work.", "Over 1,5 looms work; one waits for a belt.", "See section 1."],
    ["3.", "Committee", "It meets; every month.", "It never met.", "Half of them meet. Recommendation: Meet, often."],
]


def with_row(number, *texts):
    """The table with another row of that place."""
    return [*TABLE[:number], list(texts), *TABLE[number + 1 :]]
