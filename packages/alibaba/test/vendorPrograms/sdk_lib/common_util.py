"""Prints what an operation answered, under a heading with its name."""
import json


class CommonUtil(object):
    @staticmethod
    def log(name, answer):
        line = "-" * 27
        print(line + name + line)
        print(json.dumps(answer, indent=2, ensure_ascii=False))
