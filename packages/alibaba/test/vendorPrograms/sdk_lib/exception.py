"""Ends the program when an operation fails: a sample that goes on with no answer would fail later and less clearly."""
import sys


class ExceptionHandler(object):
    @staticmethod
    def server_exception(error):
        sys.exit("server: %s %s %s" % (error.get_http_status(), error.get_error_code(), error.get_error_msg()))

    @staticmethod
    def client_exception(error):
        sys.exit("client: %s %s" % (error.get_error_code(), error.get_error_msg()))
