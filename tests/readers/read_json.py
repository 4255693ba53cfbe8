"""Prints what Python's json reads of files, those of lines (.jsonl) line by line, as JSON."""

import json
import sys


def read(path):
    with open(path, encoding="utf-8") as file:
        if path.endswith(".jsonl"):
            return [json.loads(line) for line in file]
        return json.load(file)


print(json.dumps([read(path) for path in sys.argv[1:]]))
