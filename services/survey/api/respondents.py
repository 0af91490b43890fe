"""Answering over HTTP: with a token and no name, and nothing is kept of who asks."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from services.survey.api.bodies import CommentName, FilledBody, Receipt, Token
from services.survey.application import Answering, Ballot, Made, Moderation, receipts_bytes
from services.survey.domain.token import key_sha256
from shared.adapters import web
from shared.kernel.errors import Refused
from shared.ports import Comment, Document

ENCODED_CHARACTERS_MAX = 1_024
Encoded = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=ENCODED_CHARACTERS_MAX, examples=["kBx0"])
]
"""Bytes in Base64 for URLs, without padding (RFC 4648, 5)."""


class ResponseBody(FilledBody):
    """One person's answers, with the token that they were given, and a receipt of their own."""

    token: Token
    receipt: Receipt


class BallotBody(web.Body):
    """An invitation's token, and a ballot that is blinded, so that nobody can see it."""

    token: Token
    blinded: Encoded


class SignedBallot(web.Body):
    """The signature over the blinded ballot, and the published key that it is of."""

    agency: str
    signature: str
    key: str


class BallotKey(web.Body):
    """The key that signs ballots about an agency: in DER and Base64, and the SHA-256 of the DER."""

    agency: str
    key: str
    sha256: str


class CastBody(FilledBody):
    """A ballot with its signature, and one person's answers, with a receipt of their own."""

    agency: web.Code
    ballot: Encoded
    signature: Encoded
    receipt: Receipt


class Accepted(web.Body):
    """The answer is in the urn; its receipt will stand in the log with those of others."""

    accepted: bool
    receipt: str


class Receipts(web.Body):
    """The receipts of the answers that were counted, sorted."""

    counted: int
    receipts: list[str]


class ReleaseBody(web.Body):
    """What is released instead, where somebody is named; without it, what was written."""

    text: web.Text | None = None


def add_respondents(router: APIRouter, answering: Answering) -> None:
    """The routes of whoever was asked. In the last hour of a survey nothing else is called."""

    async def answer(cycle: web.Code, questionnaire: web.Code, body: ResponseBody) -> Accepted:
        """Answer with a token. Nothing is kept that leads to you."""
        at = (cycle, questionnaire)
        await answering.answer(at, body.token, body.filled, receipt=body.receipt)
        return Accepted(accepted=True, receipt=body.receipt)

    router.add_api_route(
        "/cycles/{cycle}/questionnaires/{questionnaire}/responses",
        answer,
        dependencies=[web.FOR_ANYBODY],
        methods=["POST"],
        status_code=201,
        route_class_override=web.QuickRoute,
    )


def add_receipts(router: APIRouter, answering: Answering) -> None:
    """What tells people that answers were counted."""
    documents = Made(_document, lambda receipts, made: receipts_bytes(receipts) + len(made))

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/receipts",
        dependencies=[web.FOR_ANYBODY],
        response_model=Receipts,
    )
    async def list_receipts(cycle: web.Code, questionnaire: web.Code) -> Response:
        """The receipts of all counted answers; look for yours among them, and tell nobody."""
        receipts = await answering.receipts(cycle, questionnaire)
        document = documents.of((cycle, questionnaire), receipts)
        return Response(document, media_type="application/json")


def _document(receipts: Sequence[str]) -> bytes:
    return Receipts(counted=len(receipts), receipts=list(receipts)).model_dump_json().encode()


def add_ballots(router: APIRouter, answering: Answering) -> None:
    """Answering by ballots, which hide from the survey itself whose answers they bring."""

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/ballot-keys", dependencies=[web.FOR_ANYBODY]
    )
    async def list_ballot_keys(cycle: web.Code, questionnaire: web.Code) -> list[BallotKey]:
        """The keys that sign ballots; compare them with the log, and yours with these."""
        keys = await answering.ballot_keys(cycle, questionnaire)
        return [
            BallotKey(agency=agency, key=key, sha256=key_sha256(key))
            for agency, key in sorted(keys.items())
        ]

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/ballots",
        dependencies=[web.FOR_ANYBODY],
        status_code=201,
    )
    async def exchange_invitation(
        cycle: web.Code, questionnaire: web.Code, body: BallotBody, _: web.AnonymousCall
    ) -> SignedBallot:
        """Give an invitation for a signed ballot; the same ballot is signed again if asked."""
        blinded = _decoded(body.blinded)
        signed = await answering.exchange((cycle, questionnaire), body.token, blinded)
        signature = urlsafe_b64encode(signed.signature).decode().rstrip("=")
        return SignedBallot(agency=signed.agency, signature=signature, key=signed.key)

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/ballot-responses",
        dependencies=[web.FOR_ANYBODY],
        status_code=201,
    )
    async def cast_ballot(
        cycle: web.Code, questionnaire: web.Code, body: CastBody, _: web.AnonymousCall
    ) -> Accepted:
        """Answer with a signed ballot, once. Nothing tells for which invitation it was given."""
        ballot = Ballot(body.agency, _decoded(body.ballot), _decoded(body.signature))
        at = (cycle, questionnaire)
        await answering.cast(at, ballot, body.filled, receipt=body.receipt)
        return Accepted(accepted=True, receipt=body.receipt)


def _decoded(text: str) -> bytes:
    """The bytes of Base64 for URLs without padding (RFC 4648, 5)."""
    try:
        return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Refused("ballot-malformed") from error


def add_moderators(router: APIRouter, moderation: Moderation) -> None:
    """What people wrote, for those who read it before anybody else."""

    @router.get(
        "/cycles/{cycle}/questionnaires/{questionnaire}/comments",
        dependencies=[web.needs("moderate-comments")],
        responses=web.leads_to(
            "release_comment", "remove_comment", comment="body#/items/0/comment"
        ),
    )
    async def list_comments(
        cycle: web.Code, questionnaire: web.Code, call: web.Call, paging: web.Paging
    ) -> web.Page:
        """Comments that nobody has decided on, in an order that tells nothing."""
        at = (cycle, questionnaire)
        found = await moderation.waiting(call.actor, at, limit=paging.wanted, after=paging.after)
        return web.page([_shown(comment) for comment in found], paging)

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/comments/{comment}/release",
        dependencies=[web.needs("moderate-comments")],
    )
    async def release_comment(
        cycle: web.Code,
        questionnaire: web.Code,
        comment: CommentName,
        body: ReleaseBody,
        call: web.KeyedCall,
    ) -> dict[str, bool]:
        """Put a comment into the log, as it is or without whom it names."""
        at = (cycle, questionnaire)
        await moderation.release(call.actor, at, comment, body.text, call.context)
        return {"released": True}

    @router.delete(
        "/cycles/{cycle}/questionnaires/{questionnaire}/comments/{comment}",
        dependencies=[web.needs("moderate-comments")],
    )
    async def remove_comment(
        cycle: web.Code, questionnaire: web.Code, comment: CommentName, call: web.Call
    ) -> dict[str, bool]:
        """Forget a comment; it counts for nothing either way."""
        await moderation.remove(call.actor, (cycle, questionnaire), comment, call.context)
        return {"removed": True}


def _shown(comment: Comment) -> Document:
    body = {
        "comment": comment.name,
        "agency": comment.agency,
        "question": comment.question,
        "text": comment.text,
    }
    return Document(comment.name, 0, body)
