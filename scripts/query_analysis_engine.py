#!/usr/bin/env python3
"""Asks the analysis engine about positions. Only the standard library is needed.

    query_analysis_engine.py -katago-path build/katago [-config-path configs/analysis_example.cfg] \\
                             [-model-path MODEL.bin.gz] [-visits N] [moves: D4 Q16 ...]

Without a config or model the engine's own are used.

As a module:

    with AnalysisEngine("katago", "analysis.cfg", "model.bin.gz") as engine:
        reply = engine.query(moves=[("b", "D4"), ("w", "Q16")], komi=6.5)
        print(reply["rootInfo"]["winrate"], reply["moveInfos"][0]["move"])
        for reply in engine.query_many([{"moves": []}, {"moves": [("b", "K10")]}]):  # in the order asked
            ...

Many queries may be open at once: send() returns an id, receive(id) waits for its final answer.
"""
import argparse
import collections
import json
import subprocess
import sys
import threading


class EngineError(Exception):
    """The engine refused a query or ended."""


class AnalysisEngine:
    def __init__(self, katago, config=None, model=None, more_options=(), show_log=True):
        command = [katago, "analysis", *more_options]
        command += ["-config", config] if config else []
        command += ["-model", model] if model else []
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         stderr=subprocess.PIPE)
        self._count = 0
        self._answers = {}   # id -> final answers so far
        self._missing = {}   # id -> final lines still to come
        self._last_words = collections.deque(maxlen=8)  # of the log, where it is not shown
        # The log has to be read, or the engine would wait once the pipe is full.
        self._log = threading.Thread(target=self._drain, args=(show_log,), daemon=True)
        self._log.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, moves, rules="Chinese", komi=6.5, size=19, initial_stones=(), max_visits=None, **more):
        """Sends a query and returns its id at once. More fields as in the protocol: analyzeTurns=[0, 5], ..."""
        name = str(self._count)
        self._count += 1
        query = {"id": name, "moves": [list(m) for m in moves], "initialStones": [list(s) for s in initial_stones],
                 "rules": rules, "komi": komi, "boardXSize": size, "boardYSize": size, "includePolicy": True, **more}
        if max_visits is not None:
            query["maxVisits"] = max_visits
        self._missing[name] = len(set(query.get("analyzeTurns", [0])))
        self._answers[name] = []
        self._write(query)
        return name

    def receive(self, name):
        """Waits for the final answers to a query: a list with one for each turn, by turn."""
        while self._missing[name] > 0:
            self._read_line()
        del self._missing[name]
        return sorted(self._answers.pop(name), key=lambda answer: answer["turnNumber"])

    def query(self, moves, **fields):
        """The answer for the position after the moves."""
        return self.receive(self.send(moves, **fields))[0]

    def query_many(self, queries):
        """Answers to all of them, in their order; the engine works on as many at once as its config says."""
        names = [self.send(**fields) for fields in queries]
        return [self.receive(name)[0] for name in names]

    def terminate(self, name):
        """Ends a query early; it still gets its final answer, with what was found until then."""
        self._write({"id": "terminate " + name, "action": "terminate", "terminateId": name})

    def close(self):
        """Lets the engine finish what it has been asked, and ends it."""
        try:
            self._process.stdin.close()
        except BrokenPipeError:  # it had ended before it read the last query
            pass
        for _ in self._process.stdout:  # answers nobody waits for
            pass
        status = self._process.wait()
        self._log.join()
        self._process.stdout.close()
        self._process.stderr.close()
        return status

    def _write(self, request):
        try:
            self._process.stdin.write((json.dumps(request) + "\n").encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None

    def _read_line(self):
        line = self._process.stdout.readline()
        if not line:
            raise self._ended()
        reply = json.loads(line.decode())
        name = reply.get("id")
        if "error" in reply:
            raise EngineError("query %s: %s (%s)" % (name, reply["error"], reply.get("field", "no field")))
        if "warning" in reply:
            print("query %s: %s (%s)" % (name, reply["warning"], reply.get("field")), file=sys.stderr)
        elif reply.get("isDuringSearch") is False and name in self._answers:
            self._answers[name].append(reply)
            self._missing[name] -= 1

    def _ended(self):
        status = self._process.wait()
        self._log.join()  # its last words are the reason
        return EngineError("\n".join(["the engine ended, status %s" % status, *self._last_words]))

    def _drain(self, show):
        for line in self._process.stderr:
            text = line.decode(errors="replace")
            if show:
                sys.stderr.write("KataGo: " + text)
            else:
                self._last_words.append(text.rstrip())


def describe(reply):
    root = reply["rootInfo"]
    text = "Turn %d, %s to move: win rate %.1f%%, lead %.1f\n" % (
        reply["turnNumber"], root["currentPlayer"], 100 * root["winrate"], root["scoreLead"])
    for info in reply["moveInfos"][:5]:
        text += "  %-5s visits %5d  win rate %5.1f%%  lead %6.1f  %s\n" % (
            info["move"], info["visits"], 100 * info["winrate"], info["scoreLead"], " ".join(info["pv"]))
    return text


def main():
    parser = argparse.ArgumentParser(description="Analyses the position after some moves.")
    parser.add_argument("-katago-path", required=True, help="the executable")
    parser.add_argument("-config-path", help="such as configs/analysis_example.cfg")
    parser.add_argument("-model-path", help="the neural net; default: the one inside the program")
    parser.add_argument("-visits", type=int, help="visits of the search; default: as the config says")
    parser.add_argument("-size", type=int, default=19, help="board size")
    parser.add_argument("moves", nargs="*", help="moves of Black and White in turn, as in D4 Q16 pass")
    options = parser.parse_args()
    moves = [("bw"[i % 2], vertex) for i, vertex in enumerate(options.moves)]
    try:
        with AnalysisEngine(options.katago_path, options.config_path, options.model_path) as engine:
            reply = engine.query(moves, size=options.size, max_visits=options.visits)
    except EngineError as error:
        sys.exit("Failed: %s" % error)
    print(describe(reply), end="")


if __name__ == "__main__":
    main()
