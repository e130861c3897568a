"""Prints what Python reads of the files in a folder, as Odoo's module `server_environment` opens its
configuration: as a file, as the text of a variable, and as a file after the one before it. Each is a
JSON object of sections, with null for a value that cannot be interpolated; or null for an error.

Only a byte-order mark is skipped here, which `server_environment` takes for a part of the first line.
"""

import configparser
import json
import pathlib
import sys


def read(how):
    parser = configparser.ConfigParser()
    parser.optionxform = str
    try:
        how(parser)
    except (configparser.Error, UnicodeDecodeError):
        return None
    names = ["DEFAULT", *parser.sections()]
    return {name: values(parser, name) for name in names}


def values(parser, section):
    return {option: value(parser, section, option) for option in parser[section]}


def value(parser, section, option):
    try:
        return parser.get(section, option)
    except configparser.InterpolationError:
        return None


def expected(before, file):
    text = file.read_bytes()
    return {
        "file": read(lambda parser: parser.read(file, encoding="utf-8-sig")),
        "variable": read(lambda parser: parser.read_string(text.decode("utf-8-sig"))),
        "both": read(lambda parser: parser.read([before, file], encoding="utf-8-sig")),
    }


files = sorted(pathlib.Path(sys.argv[1]).iterdir())
answers = [expected(before, file) for before, file in zip([files[-1], *files], files)]
sys.stdout.buffer.write(json.dumps(answers).encode())
