"""A route table of the shape of a large public API, and paths to look up in it.

A cloud for building and shipping software, as it might be: 250 patterns with one to five parameters
under shared prefixes. Written as an outline, which `routes` unfolds: a line `name {id}` is a
collection and its items, `name` alone a single thing, `name!` an action.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

OUTLINE = """
status
limits
licences {licence}
regions {region}
  zones {zone}
  prices
search
  packages
  people
  projects
  texts
  topics
me
  keys {key}
  sessions {session}
  mails {mail}
  inbox {message}
    read!
    mute!
  stars
  invitations {invitation}
    accept!
    decline!
  settings
  usage
people {person}
  keys
  teams
  stars
  events
  followers
  following {followed}
  packages {package}
    versions {version}
      restore!
    visibility
events
hooks
  deliver!
teams {team}
  members {member}
  invitations {invitation}
  roles {role}
    members {member}
  events
  hooks {hook}
    ping!
    deliveries {delivery}
      again!
  secrets {secret}
    projects {project}
  runners {runner}
    labels {label}
    token!
  billing
    invoices {invoice}
      pdf
    contacts {contact}
    usage
  packages {package}
    versions {version}
      restore!
  groups {group}
    members {member}
    projects {project}
    children
  audit
  policies {policy}
    versions {version}
  domains {domain}
    verify!
projects {team} {project}
  archive!
  transfer!
  rename!
  topics
  languages
  watchers
  stars
  forks
  collaborators {person}
    permission
  branches {branch}
    protection
      checks
      reviews
      pushers
    rename!
  tags {tag}
    protection
  commits {commit}
    statuses
    checks
    comments
    pulls
    diff
  compare {range}
  files {file}
    history
    blame
  issues {issue}
    comments {comment}
      reactions {reaction}
    labels {label}
    assignees {person}
    events
    timeline
    lock
    pin!
  labels {label}
  milestones {milestone}
    labels
  pulls {pull}
    commits
    files
    merge!
    reviews {review}
      comments
      dismiss!
      submit!
    comments {comment}
      replies
      reactions {reaction}
    reviewers
  pipelines {pipeline}
    enable!
    disable!
    dispatch!
    runs
  runs {run}
    cancel!
    again!
    logs
    approvals
    artifacts {artifact}
      archive
    jobs {job}
      again!
      logs
      steps {step}
        log
  deployments {deployment}
    statuses {status}
  environments {environment}
    secrets {secret}
    variables {variable}
    rules {rule}
  releases {release}
    assets {asset}
    notes!
    latest!
  secrets {secret}
  variables {variable}
  hooks {hook}
    ping!
    deliveries {delivery}
      again!
  alerts {alert}
    instances
    dismiss!
  scans {scan}
    results {result}
  pages
    builds {build}
    health
  traffic
    views
    clones
    paths
  caches {cache}
exports {export}
mirrors {mirror}
features {feature}
announcements
"""


class Listed(NamedTuple):
    """A pattern, its methods, and the names of its parameters."""

    pattern: str
    methods: tuple[str, ...]
    parameters: tuple[str, ...]


def routes(count: int = 250) -> list[Listed]:
    """`count` patterns: the outline, and again with its literal texts changed if it takes more."""
    found: list[Listed] = []
    copy = 0
    while len(found) < count:
        found += _unfolded(f"{copy}" if copy else "")
        copy += 1
    return found[:count]


def _unfolded(suffix: str) -> Iterator[Listed]:
    above: list[str] = []
    for line in OUTLINE.strip().splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name, *parameters = line.split()
        path = "".join(above[:depth]) + f"/{name.rstrip('!')}{suffix}"
        if name.endswith("!"):
            yield _listed(path, "POST")
        elif not parameters:
            yield _listed(path, "GET", "PUT")
        else:
            *first, last = parameters
            path += "".join(f"/{parameter}" for parameter in first)
            yield _listed(path, "GET", "POST")
            path += f"/{last}"
            yield _listed(path, "GET", "PATCH", "DELETE")
        above[depth:] = [path.removeprefix("".join(above[:depth]))]


def _listed(path: str, *methods: str) -> Listed:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return Listed(path, methods, tuple(names))


class Asked(NamedTuple):
    """A request, and the pattern that should answer it with which parameters; None for a miss."""

    method: str
    path: str
    pattern: str | None
    params: dict[str, str]


def hits(table: list[Listed], count: int) -> list[Asked]:
    """Distinct requests (but for patterns without parameters) that match, patterns in turn."""
    random.seed(1)
    found = []
    for number in range(count):
        listed = table[number * 7 % len(table)]
        params = {name: f"{name}-{random.randrange(10**6)}" for name in listed.parameters}
        method = listed.methods[number % len(listed.methods)]
        found.append(Asked(method, listed.pattern.format(**params), listed.pattern, params))
    return found


def misses(table: list[Listed], count: int) -> list[Asked]:
    """Distinct requests that match nothing: cut, extended, misspelt at the end or at the start."""
    found = []
    for number, asked in enumerate(hits(table, count)):
        path = (
            f"{asked.path}/extra-{number}/more",
            f"{asked.path.rpartition('/')[0]}/{number}/none/x",
            f"/no-{number}{asked.path}",
            f"/x{number}",
        )[number % 4]
        found.append(Asked("GET", path, None, {}))
    return found
