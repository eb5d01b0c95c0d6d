"""After a restart: what was under way goes on, and the outcome of an installation is told (1.6 5.19)."""

from micropython import const

from ocpp import log

_STARTS = const(8)  # in one try; more are no accident


def restore(profile):
    """Take up what was under way. Called at each start: loads nothing else if that was nothing."""
    store = profile.core.engine.store
    if not (store.exists("update") or store.exists("diagnostics")):
        return
    from profiles.firmware import jobs, progress, telling

    for kind in jobs.ACTIONS:
        record = store.load(kind)
        if not record:
            continue
        profile.jobs[kind] = record
        log.info("%s: %s, %s", kind, jobs.shown(record), record["phase"])
        if record["phase"] in jobs.FINAL:
            telling.add(profile, jobs.ACTIONS[kind], record["phase"])
        elif record["phase"] == "Installing":
            outcome(profile)
        elif record["phase"] != "Scheduled":
            telling.add(profile, jobs.ACTIONS[kind], record["phase"])  # nobody knows whether it was told before
        if record["starts"] >= _STARTS:
            progress.failed(profile, kind, record, "the charge point has restarted in it %d times" % record["starts"])
    jobs.schedule(profile)


def outcome(profile):
    """See what has become of the installation: called at the start, and when a version on trial is confirmed."""
    from profiles.firmware import jobs, progress
    from updates import installation

    record, result = profile.jobs.get(jobs.UPDATE), installation.result(profile.root)
    if not record or record["phase"] != "Installing":
        return
    if result is None or result["version"] != record["head"]["version"]:
        return  # the restart came before the version was chosen: it is still due
    if result["outcome"] == "Installing":
        record["due"] = None  # on trial
        jobs.schedule(profile)
        return
    (log.error if result["reason"] else log.info)(
        "update: version %s: %s %s", result["version"], result["outcome"], result["reason"]
    )
    progress.enter(profile, jobs.UPDATE, record, result["outcome"])
