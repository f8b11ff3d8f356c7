"""What a person rated, as schema.org ClaimReview in JSON-LD.

A review is somebody's judgement: there is one for an item that was ticked off with a rating, and it
is by whoever is named as its reviewer. The check itself rates nothing, and is no author.
"""

from __future__ import annotations

import json
from typing import Any

from qa.errors import InvalidInput
from qa.handover.handed import HandedItem
from qa.handover.handover import Handover
from qa.handover.reviewer_marks import RATINGS, rating_named
from qa.schemas.paths import external
from qa.types import Source


def as_claim_review(handover: Handover) -> str:
    """The reviews. Raises InvalidInput when nobody is named who reviews."""
    rated = [item for item in handover.items if item.mark.ticked and item.mark.rating]
    if rated and not handover.reviewer:
        raise InvalidInput("say who reviews (reviewer): a review has an author, and it is a person")
    written = {
        "@context": "https://schema.org",
        "@graph": [_review(item, handover.reviewer) for item in rated],
    }
    # As it may be pasted into a page: nothing in it ends the script that it stands in.
    return json.dumps(written, ensure_ascii=False, indent=2).replace("<", "\\u003c") + "\n"


def _review(item: HandedItem, reviewer: str) -> dict[str, Any]:
    claim: dict[str, Any] = {"@type": "Claim", "text": item.words}
    if item.speaker:
        claim["author"] = {"@type": "Person", "name": item.speaker}
    rating = item.mark.rating
    assert rating
    review: dict[str, Any] = {
        "@type": "ClaimReview",
        "author": {"@type": "Person", "name": reviewer},
        "claimReviewed": item.words,
        "itemReviewed": claim,
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": 1 + RATINGS.index(rating),
            "worstRating": 1,
            "bestRating": len(RATINGS),
            "alternateName": rating_named(rating).capitalize(),
        },
    }
    if item.mark.note:
        review["reviewBody"] = item.mark.note
    if sources := [_source(place.source) for place in item.places]:
        review["isBasedOn"] = sources
    return review


def _source(source: Source) -> dict[str, Any]:
    """A source, as far as it states itself."""
    stated = {
        "headline": source.title,
        "url": external(source.url),
        "datePublished": source.published,
        "inLanguage": source.language,
        "author": source.author and {"@type": "Person", "name": source.author},
        "publisher": source.publisher and {"@type": "Organization", "name": source.publisher},
    }
    return {"@type": "Article", **{name: value for name, value in stated.items() if value}}
