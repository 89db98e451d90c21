"""One question of a draft: its code, kind, texts, options, where it is filled in from, when it is asked."""

from dataclasses import replace

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..drafting import answers_of, can_decide, new_faults, question_in, sources, with_question
from ..instruments import CODE, Document, Grade, Kind, Options, QuestionText, SectionText, said
from ..revisions import source_in_words
from .questionnaire_options import FORMSETS, MOST_DECIMALS
from .questionnaires import PartForm, in_fields

LISTS = {Kind.CHOICE: ["choices"], Kind.FIXED_TABLE: ["rows", "columns"], Kind.OPEN_TABLE: ["columns"]}
TICK = "✓"
MOST_FIELDS = 240  # of a table: more can neither be filled in on a phone nor printed in a moment
USUAL_ROWS = 20  # of an open table


class QuestionForm(PartForm):
    """A question in its section. A code that was published keeps its kind, and is never used for something else."""

    TEXTS = {
        "text": (_("question"), True, 1_000, 3),
        "guidance": (_("help"), False, 2_000, 3),
        "unit": (pgettext_lazy("of a number", "unit"), False, 40, 1),
    }
    code = forms.CharField(label=_("Code"), max_length=40)
    returns = forms.BooleanField(label=_("It is the same question as before"), required=False)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=Kind.choices)
    required = forms.BooleanField(label=_("An answer is required"), required=False)
    source = forms.BooleanField(label=_("Ask for the source of information"), required=False)
    proposal = forms.BooleanField(label=_("Ask for a proposal"), required=False)
    total_row = forms.BooleanField(label=_("Add up the columns of numbers"), required=False)
    decimals = forms.IntegerField(
        label=_("Decimals"), required=False, min_value=0, validators=[MaxValueValidator(MOST_DECIMALS)]
    )
    prefill = forms.ChoiceField(label=_("Filled in from"), required=False)
    depends_on = forms.ChoiceField(label=_("Asked only after"), required=False)
    rule = forms.MultipleChoiceField(label=_("With these answers"), required=False)
    aspects = forms.MultipleChoiceField(
        label=_("Aspects of the matrix"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, *, draft, document, section: SectionText, question, earlier: dict, aspects: list):
        """`earlier`: the questions of published versions by code; `aspects`: (key, title) of those to choose from."""
        self.section, self.question, self.earlier = section, question, earlier
        initial = (
            {"code": next_code(section, earlier), "kind": Kind.TEXT} if question is None else self.initial_of(question)
        )
        self.draft = draft
        super().__init__(data, draft=draft, document=document, initial=initial)
        self.fields["prefill"].choices = [("", _("nothing: the centre writes it")), *by_kind()]
        self.deciders = self.questions_before()
        self.fields["depends_on"].choices = [
            ("", _("always asked")),
            *((row.code, f"{row.code} {said(row.text)[:90]}") for row in self.deciders),
        ]
        self.fields["rule"].choices = [(f"{row.code}={key}", key) for row in self.deciders for key in answers_of(row)]
        known = dict(aspects)
        lost = [key for key in (question.aspects if question else ()) if key not in known]
        self.fields["aspects"].choices = [*aspects, *((key, key) for key in lost)]
        if not self.fields["aspects"].choices:
            del self.fields["aspects"]
        self.published = earlier.get(question.code) if question else None
        if self.published:
            del self.fields["code"], self.fields["kind"], self.fields["returns"]
        self.asks_return = bool(data and data.get("returns"))
        options = question.options if question else Options()
        before = self.published.options if self.published else Options()
        self.lists = {
            name: formset(
                data,
                prefix=name,
                known=getattr(options, name),
                avoid={row.key for row in getattr(before, name)} - {row.key for row in getattr(options, name)},
            )
            for name, formset in FORMSETS.items()
        }

    @staticmethod
    def initial_of(question) -> dict:
        options = question.options
        return {
            "code": question.code,
            "kind": question.kind,
            "required": question.required,
            "source": options.source,
            "proposal": options.proposal,
            "total_row": options.total_row,
            "decimals": options.decimals or None,
            "prefill": question.prefill,
            "depends_on": question.depends_on,
            "rule": [f"{question.depends_on}={value}" for value in question.depends_values],
            "aspects": list(question.aspects),
            **in_fields("text", question.text),
            **in_fields("guidance", question.guidance),
            **in_fields("unit", options.unit),
        }

    def questions_before(self) -> list:
        """Those whose answers can decide whether this one is asked: what stands above it."""
        found = []
        for question in self.document.questions:
            if self.question and question.code == self.question.code:
                break
            if can_decide(question):
                found.append(question)
        return found

    @property
    def rules(self) -> list:
        """(question, its answers as (value, label, whether ticked)) for the page."""
        ticked, groups = set(self["rule"].value() or ()), []
        for row in self.deciders:
            labels = dict(Grade.choices) if row.kind == Kind.GRADE else {}
            labels |= {choice.key: said(choice.label) or choice.key for choice in row.options.choices}
            values = [(f"{row.code}={key}", labels[key]) for key in answers_of(row)]
            groups.append((row, [(value, label, value in ticked) for value, label in values]))
        return groups

    @property
    def kind_now(self) -> str:
        """The kind that the page begins with."""
        return self.published.kind if self.published else self["kind"].value()

    @property
    def used_lists(self) -> list:
        return [self.lists[name] for name in LISTS.get(self.cleaned_data.get("kind"), ())]

    @property
    def list_errors(self) -> list:
        """(field, error) of the lists that belong to the kind, for the summary."""
        found = []
        for rows in self.used_lists if self.is_bound else ():
            found += [(None, error) for error in rows.non_form_errors()]
            for form in rows.kept:
                found += [(field, error) for field in form for error in field.errors]
        return found

    def is_valid(self):
        return super().is_valid() and not self.list_errors

    def clean_code(self):
        code = self.cleaned_data["code"]
        prefix = f"{self.section.code}."
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("A code is figures and Latin letters between points, for example 8.1.1."))
        if not code.startswith(prefix):
            raise forms.ValidationError(
                _("The code of a question in this section begins with %(prefix)s"), params={"prefix": prefix}
            )
        return code

    def clean(self):
        cleaned = super().clean()
        if self.published:
            cleaned |= {"code": self.question.code, "kind": self.published.kind}
        self._check_rule(cleaned)
        self._check_prefill(cleaned)
        valid = [rows.is_valid() for rows in self.used_lists]  # every one is to show its errors
        listed = all(valid)
        if listed and "code" in cleaned and "kind" in cleaned:
            self._check_code(cleaned)
        if listed and "columns" in LISTS.get(cleaned.get("kind"), ()):
            self._check_size()
        if not self.errors and listed:
            for fault in new_faults(self.document, self.change(self.document)):
                self.add_error(None, fault.text)
        return cleaned

    def _check_size(self):
        rows = len(self.lists["rows"].keys) if self.lists["rows"] in self.used_lists else USUAL_ROWS
        most = MOST_FIELDS // max(rows, 1)
        if len(self.lists["columns"].keys) > most:
            words = _("The table is too large to fill in: %(most)s columns at most with so many rows.")
            self.add_error(None, words % {"most": most})

    def _check_rule(self, cleaned):
        chosen, ticked = cleaned.get("depends_on", ""), cleaned.get("rule", ())
        other = next((row for row in self.deciders if row.code == chosen), None)
        cleaned["depends_values"] = tuple(
            key for key in (answers_of(other) if other else ()) if f"{chosen}={key}" in ticked
        )
        if chosen and not cleaned["depends_values"]:
            self.add_error("depends_on", _("Tick the answers after which the question is asked."))

    def _check_prefill(self, cleaned):
        source, kind = sources().get(cleaned.get("prefill")), cleaned.get("kind")
        if source and kind and not source.fits(kind):
            self.add_error(
                "prefill",
                _("“%(source)s” does not fit this kind of answer (%(kind)s).")
                % {"source": source.title, "kind": Kind(kind).label},
            )

    def _check_code(self, cleaned):
        code = cleaned["code"]
        if self.question and code == self.question.code:
            return
        other, before = question_in(self.document, code), self.earlier.get(code)
        if other and (self.question or self.errors or self.told(other) != self.told(self.made())):
            self.add_error("code", _("Another question has this code."))
        elif before and before.kind != cleaned["kind"]:
            self.add_error(
                "kind",
                _("In version %(version)s this code was “%(kind)s”; a code keeps its kind.")
                % {"version": before.questionnaire.version, "kind": before.get_kind_display()},
            )
        elif before and not other and not cleaned.get("returns"):
            self.asks_return = True
            self.add_error(
                "code",
                _(
                    "In version %(version)s this code was the question “%(text)s”. Answers are told over the years by "
                    "their codes: if the same is asked again, tick that; otherwise take another code."
                )
                % {"version": before.questionnaire.version, "text": before.text_i18n},
            )

    # The part that it edits, see PartForm.

    def part(self):
        return self.question

    def made(self):
        cleaned, kind = self.cleaned_data, self.cleaned_data["kind"]
        lists = {name: self.lists[name].made() for name in LISTS.get(kind, ())}
        is_grade, is_number = kind == Kind.GRADE, kind == Kind.NUMBER
        options = Options(
            **lists,
            total_row=cleaned["total_row"] and "columns" in lists,
            source=cleaned["source"] and is_grade,
            proposal=cleaned["proposal"] and is_grade,
            decimals=(cleaned["decimals"] or 0) * is_number,
            unit=self.typed("unit") if is_number else {},
        )
        return QuestionText(
            cleaned["code"],
            kind,
            self.typed("text"),
            self.typed("guidance"),
            cleaned["required"] and kind != Kind.HEADING,
            options,
            cleaned["prefill"] if kind != Kind.HEADING else "",
            cleaned["depends_on"],
            cleaned["depends_values"],
            tuple(sorted(cleaned.get("aspects", ()))) if kind != Kind.HEADING else (),
        )

    def told(self, part):
        options = part.options
        lines = {name: "\n".join(as_line(row) for row in getattr(options, name)) for name in FORMSETS}
        return {
            "code": part.code,
            "kind": str(part.kind),
            "required": TICK * part.required,
            "source": TICK * options.source,
            "proposal": TICK * options.proposal,
            "total_row": TICK * options.total_row,
            "decimals": str(options.decimals or ""),
            "prefill": part.prefill,
            "depends_on": f"{part.depends_on}: {', '.join(part.depends_values)}" * bool(part.depends_on),
            "aspects": ", ".join(sorted(part.aspects)),
            **in_fields("text", part.text),
            **in_fields("guidance", part.guidance),
            **in_fields("unit", options.unit),
            **lines,
        }

    def label_of(self, name):
        words = {"choices": _("Answers to choose from"), "rows": _("Rows of the table"), "columns": _("Columns")}
        return str(words.get(name) or super().label_of(name))

    def differences(self):
        kinds = dict(Kind.choices)
        return [
            replace(row, **{side: str(kinds.get(getattr(row, side), getattr(row, side))) for side in SIDES})
            if row.label == self.label_of("kind")
            else row
            for row in super().differences()
        ]

    def change(self, document: Document) -> Document:
        question = self.made()
        return with_question(
            document, self.section.code, question, self.question.code if self.question else question.code
        )


SIDES = ("base", "mine", "theirs")


def as_line(row) -> str:
    """An answer, row or column as one line of text."""
    values = [getattr(row, name) for name in row.__dataclass_fields__ if name not in ("key", "label")]
    told = [", ".join(value) if isinstance(value, tuple) else str(value) for value in values if value]
    return " · ".join([f"{row.key}: {' / '.join(row.label.values())}", *told])


def next_code(section: SectionText, earlier) -> str:
    """The code after the highest one directly below the section, now or in a published version (`earlier`)."""
    codes = [*(question.code for question in section.questions), *earlier]
    parts = [code.split(".")[1] for code in codes if code.startswith(f"{section.code}.")]
    return f"{section.code}.{max((int(part) for part in parts if part.isdigit()), default=0) + 1}"


def by_kind() -> list:
    """The sources to fill in from, grouped by the kind of answer that they give."""
    groups = {}
    for key, source in sources().items():
        kind = next((kind for kind in Kind if kind in source.kinds), None)
        groups.setdefault(str(kind.label) if kind else "", []).append((key, source_in_words(key)))
    return [*groups.items()]
