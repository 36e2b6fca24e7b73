"""Test results in TAP: one line a row, what was wanted and seen after a failed one."""


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, name, *notes):
        self.count += 1
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}", flush=True)
        if not good:
            self.failed += 1
            for note in notes:
                for line in str(note).splitlines():
                    print(f"  # {line}", flush=True)
        return good

    def equal(self, name, seen, wanted):
        return self.ok(seen == wanted, name, f"wanted {wanted!r:.2000}", f"seen   {seen!r:.2000}")

    def note(self, text):
        for line in text.splitlines():
            print(f"# {line}", flush=True)

    def done(self):
        """Prints the plan; the exit code."""
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed or not self.count else 0
