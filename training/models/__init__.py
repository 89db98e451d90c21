from .enrolments import Enrolment
from .groups import Booking, Group, GroupTrainer, Pause, Room, Slot, Weekday
from .journal import Attendance, Lesson
from .outcomes import FollowUp, Slip
from .programmes import Language, Programme
from .trainees import Consent, ConsentText, Trainee, TraineeTargetGroup
from .trainers import Seminar, SeminarAttendance, Trainer

__all__ = [
    "Attendance",
    "Booking",
    "Consent",
    "ConsentText",
    "Enrolment",
    "FollowUp",
    "Group",
    "GroupTrainer",
    "Language",
    "Lesson",
    "Pause",
    "Programme",
    "Room",
    "Seminar",
    "SeminarAttendance",
    "Slip",
    "Slot",
    "Trainee",
    "TraineeTargetGroup",
    "Trainer",
    "Weekday",
]
