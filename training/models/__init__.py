from .certificates import Certificate, CertificateCounter
from .consents import Consent, ConsentText
from .duplicates import Merge, NotSame
from .enrolments import Enrolment
from .feeds import TimetableFeed
from .groups import Group, GroupTrainer, Room
from .imports import ImportJob
from .journal import Attendance, Lesson
from .outcomes import FollowUp, Slip
from .programmes import Language, Programme
from .slots import Booking, Pause, Slot, TimetableRefused, Weekday
from .trainees import Trainee, TraineeTargetGroup
from .trainers import Seminar, SeminarAttendance, Trainer

__all__ = [
    "Attendance",
    "Booking",
    "Certificate",
    "CertificateCounter",
    "Consent",
    "ConsentText",
    "Enrolment",
    "FollowUp",
    "Group",
    "GroupTrainer",
    "ImportJob",
    "Language",
    "Lesson",
    "Merge",
    "NotSame",
    "Pause",
    "Programme",
    "Room",
    "Seminar",
    "SeminarAttendance",
    "Slip",
    "Slot",
    "TimetableFeed",
    "TimetableRefused",
    "Trainee",
    "TraineeTargetGroup",
    "Trainer",
    "Weekday",
]
