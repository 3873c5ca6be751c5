"""The nouns of the regulation as tables: columns and relations only."""

from domain.model.answer import Answer, Rating
from domain.model.attachment import Attachment
from domain.model.author_opening import AuthorOpening
from domain.model.block import Block, BlockGround, Objection
from domain.model.browser import Browser
from domain.model.commission import AgendaItem, CaseFile, DecisionKind, Member, Presence, Proposal, Sitting, Vote
from domain.model.directory import Revision
from domain.model.escalation import Escalation, EscalationStep
from domain.model.event import Delivery, Event
from domain.model.file_check import FileCheck, FileFault
from domain.model.ground import Ground
from domain.model.hand_over import HandOver
from domain.model.intake import Intake
from domain.model.lease import Lease
from domain.model.letter_wording import LetterWording
from domain.model.message import Message, NumberRow
from domain.model.organisation import Organisation
from domain.model.part import Part
from domain.model.person import Absence, Person
from domain.model.phrase import Phrase
from domain.model.question import Question
from domain.model.reason_request import ReasonRequest
from domain.model.rejection import Edition, Rejection, RejectionGround
from domain.model.remark import Remark
from domain.model.saved_view import SavedView
from domain.model.screening import Screening, TopicModel
from domain.model.seen import Seen
from domain.model.session import Draft, Session
from domain.model.setting import CalendarDay, CalendarYear, Setting
from domain.model.standard_answer import StandardAnswer, StandardAnswerVersion
from domain.model.subscription import Confirmation, Subscriber, Subscription
from domain.model.term import Term
from domain.model.timetable import Turn
from domain.model.topic import Category, Responsibility, Territory, Topic
from domain.model.upload import Upload

__all__ = [
    "Absence", "AgendaItem", "Answer", "Attachment", "AuthorOpening", "Block", "BlockGround", "Browser", "CalendarDay",
    "CalendarYear",
    "CaseFile", "Category", "Confirmation", "DecisionKind", "Delivery", "Draft", "Edition", "Escalation",
    "EscalationStep", "Event", "FileCheck", "FileFault", "Ground", "HandOver", "Intake", "Lease", "LetterWording",
    "Member", "Message", "NumberRow", "Objection", "Organisation", "Part", "Person", "Phrase", "Presence",
    "Proposal", "Question", "Rating", "ReasonRequest", "Rejection", "RejectionGround", "Remark", "Responsibility",
    "Revision", "SavedView", "Screening", "Seen", "Session", "Setting", "Sitting", "StandardAnswer",
    "StandardAnswerVersion", "Subscriber", "Subscription", "Term", "Territory", "Topic", "TopicModel", "Turn", "Upload",
    "Vote",
]  # fmt: skip
