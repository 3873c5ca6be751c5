"""The life of one message of the demo town, told by the verbs of the regulation, each at its own moment."""

from domain.moves import Status
from portal.town.admission import acceptance, admission
from portal.town.helpers import shared
from portal.town.replies import feedback, replies
from portal.town.story import Moments, Story


async def life(story: Story) -> Moments:
    """From the sending to wherever the plan or the present moment stops the story."""
    async for moment in admission(story):
        yield moment
    if story.message.status == Status.ANSWERED:
        async for moment in after_a_typical_answer(story):
            yield moment
        return
    if story.stopped(Status.REGISTERED) or story.message.status != Status.REGISTERED:
        return
    async for moment in acceptance(story):
        yield moment
    if story.message.status == Status.IN_WORK:
        async for moment in shared(story):
            yield moment
    if story.stopped(Status.IN_WORK) or story.message.status != Status.IN_WORK:
        return
    async for moment in replies(story):
        yield moment


async def after_a_typical_answer(story: Story) -> Moments:
    if not story.stopped(Status.ANSWERED):
        async for moment in feedback(story):
            yield moment
        async for moment in replies(story):
            yield moment
