"""What the tests of the local authorization list share."""

import charging

from memory import load
from profiles.local_auth import LocalAuth

PROFILES = (LocalAuth,)


def play(story, **options):
    """charging.play with the profile."""
    charging.play(story, profiles=PROFILES, **options)


def entry(id_tag, status="Accepted", **more):
    """An AuthorizationData (1.6 7.1); without a status it deletes."""
    if status is None:
        return {"idTag": id_tag}
    more["status"] = status
    return {"idTag": id_tag, "idTagInfo": more}


def full(site, version, *entries):
    """Send a full list; the status of the answer, or the code of the error."""
    return _send(site, version, "Full", entries)


def differential(site, version, *entries):
    return _send(site, version, "Differential", entries)


async def _send(site, version, kind, entries):
    answer = await site.central.ask("SendLocalList", listVersion=version, updateType=kind,
                                    localAuthorizationList=entries)
    return answer if isinstance(answer, str) else answer["status"]


async def version(site):
    return (await site.central.ask("GetLocalListVersion"))["listVersion"]


def on_list(site, *id_tags):
    """What the list says of each: "Status" or "Status parentIdTag", None if nothing."""
    found = [load("profiles.local_auth.entries").lookup(site.engine, id_tag) for id_tag in id_tags]
    return [info and " ".join([text for text in info if text]) for info in found]


def length(site):
    return load("profiles.local_auth.entries").foot(site.engine)[1]
