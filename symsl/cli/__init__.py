"""The command line: parse, call one function of the layers below, print."""

from symsl.cli.entry import main

__all__ = ["main"]
