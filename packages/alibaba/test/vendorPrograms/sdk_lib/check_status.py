"""Waits for a state."""
import time


class CheckStatus(object):
    @staticmethod
    def check_status(time_out, interval, look, wanted, instance_id):
        """True as soon as look(instance_id) answers the wanted state, False when time is up."""
        end = time.monotonic() + time_out
        while time.monotonic() < end:
            if look(instance_id) == wanted:
                return True
            time.sleep(interval)
        return False
