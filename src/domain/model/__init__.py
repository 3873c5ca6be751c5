"""The nouns of the regulation as tables: columns and relations only."""

from domain.model.answer import Answer, Rating
from domain.model.attachment import Attachment
from domain.model.directory import Revision
from domain.model.event import Delivery, Event
from domain.model.ground import Ground
from domain.model.message import Message, NumberRow
from domain.model.organisation import Organisation
from domain.model.part import Part
from domain.model.person import Absence, Person
from domain.model.question import Question
from domain.model.rejection import Edition, Rejection, RejectionGround
from domain.model.session import Draft, Session
from domain.model.setting import CalendarDay, Setting
from domain.model.standard_answer import StandardAnswer, StandardAnswerVersion
from domain.model.term import Term
from domain.model.timetable import Turn
from domain.model.topic import Category, Responsibility, Territory, Topic

__all__ = [
    "Absence", "Answer", "Attachment", "CalendarDay", "Category", "Delivery", "Draft", "Edition", "Event", "Ground",
    "Message", "NumberRow", "Organisation", "Part", "Person", "Question", "Rating", "Rejection", "RejectionGround",
    "Responsibility", "Revision", "Session", "Setting", "StandardAnswer", "StandardAnswerVersion", "Term", "Territory",
    "Topic", "Turn",
]  # fmt: skip
