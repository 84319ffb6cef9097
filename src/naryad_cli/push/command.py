"""The command line of `naryad push`."""

import argparse
from uuid import UUID

from naryad.domain.push_channel import ChannelName
from naryad_cli.options import add_data, add_json
from naryad_cli.push.dead import list_dead, replay_dead


def add_arguments(parser: argparse.ArgumentParser) -> None:
    topics = parser.add_subparsers(dest="topic", required=True, metavar="TOPIC")
    dead = topics.add_parser("dead", help="the messages that could not be sent")
    actions = dead.add_subparsers(dest="action", required=True, metavar="ACTION")

    listing = actions.add_parser(
        "list",
        help="which messages, to whom, and why not",
        description="Lists the messages that were given up, the oldest first: refused by the provider for "
        "good, or not sent before the worker's day was over. They are kept for 30 days.",
    )
    _add_filters(listing)
    listing.add_argument(
        "--limit", type=int, default=100, metavar="N", help="at most so many (100); 0 lists all"
    )
    listing.set_defaults(run=list_dead)

    again = actions.add_parser(
        "replay",
        help="send them again",
        description="Makes messages due again, on the channel for which their phones are registered now. "
        "Just before sending, the pusher looks again whether a message is still right: what is no longer of "
        "today, was taken away, or is on the phone already, is not sent; the console says so in the job. "
        "A phone that is registered nowhere cannot be sent anything.",
    )
    again.add_argument("ids", type=UUID, nargs="*", metavar="ID", help="as `list` shows them")
    again.add_argument("--all", action="store_true", help="all of them, or with a filter all of those")
    _add_filters(again)
    again.set_defaults(run=replay_dead)


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", type=UUID, metavar="ID", help="only of this account")
    parser.add_argument("--channel", choices=[str(one) for one in ChannelName], help="only of this channel")
    add_data(parser)
    add_json(parser)
