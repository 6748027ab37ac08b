"""`katago match` as a person runs it: games, records, table, errors, interruption. Called with the path of katago."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from gtp_engine import run_tests  # noqa: E402

BASE = {
    "numBots": 2, "botName0": "few", "botName1": "many", "numGameThreads": 3, "numGamesTotal": 8,
    "maxMovesPerGame": 150, "allowResignation": "true", "resignThreshold": -0.9, "resignConsecTurns": 2,
    "logSearchInfo": "false", "logMoves": "false", "logGamesEvery": 4, "koRules": "SIMPLE,POSITIONAL",
    "scoringRules": "AREA,TERRITORY", "taxRules": "NONE", "multiStoneSuicideLegals": "false,true",
    "hasButtons": "false,true", "bSizes": "5,6", "bSizeRelProbs": "1,1", "komiMean": 6.5, "numSearchThreads": 1,
    "maxVisits0": 2, "maxVisits1": 8, "logToStdout": "false", "debugSkipNeuralNet": "true",
}


class Match:
    def __init__(self, katago, net, changes=None, arguments=()):
        self.folder = tempfile.TemporaryDirectory()
        config = dict(BASE, nnModelFile=net)
        for key, value in (changes or {}).items():
            config.pop(key, None) if value is None else config.update({key: value})
        path = pathlib.Path(self.folder.name)
        (path / "match.cfg").write_text("".join(f"{k} = {v}\n" for k, v in config.items()))
        self.records = path / "games" / "sgf"
        self.log = path / "match.log"
        self.process = subprocess.Popen(
            [katago, "match", "-config", path / "match.cfg", "-sgf-output-dir", self.records, "-log-file", self.log,
             *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self):
        self.out, self.err = self.process.communicate(timeout=300)
        return self.process.returncode

    def games(self):
        return [line for file in sorted(self.records.glob("*.sgfs")) for line in file.read_text().splitlines()]


def played(katago, net, changes=None, arguments=()):
    match = Match(katago, net, changes, arguments)
    code = match.finish()
    assert code == 0, (code, match.err)
    return match


def finished_lines(match):
    return [line for line in match.out.splitlines() if re.match(r"Game \d+ finished", line)]


def handicap_of(nodes):
    """Black stones before White's first move, as the rules count them: passes of White do not end them."""
    stones = 0
    for node, following in zip(nodes, nodes[1:] + [""]):
        passed = node[1:3] == "[]"
        if node[0] == "B":
            stones += not passed
        elif following[:1] == "W":
            return 0
        elif not passed:
            break
    return stones if stones > 1 else 0


def games_records_and_table_agree(katago, net):
    match = played(katago, net)
    games = match.games()
    assert len(games) == 8 == len(finished_lines(match)), match.out
    assert all(re.fullmatch(r"[0-9A-F]{16}\.sgfs", file.name) for file in match.records.iterdir())
    for game in games:
        head = re.match(r"\(;FF\[4\]GM\[1\]SZ\[[56]\]PB\[(few|many)\]PW\[(few|many)\]HA\[(\d+)\]KM\[6.5\]"
                        r"RU\[ko(SIMPLE|POSITIONAL)score(AREA|TERRITORY)taxNONEsui[01](button1)?\]"
                        r"RE\[([^]]*)\]C\[startTurnIdx=0,initTurnNum=0,gameHash=[0-9A-F]{32},gtype=normal,"
                        r"bTimeUsed=[0-9.e-]+,wTimeUsed=[0-9.e-]+\](;.*)\)$", game)
        assert head, game
        assert head[1] != head[2]
        nodes = head[8].split(";")[1:]
        assert int(head[3]) == handicap_of(nodes), game
        for i, node in enumerate(nodes[:-1]):
            assert re.fullmatch(r"[BW]\[[a-f]{0,2}\](TR\[..\])?C\[(Pass for ko )?\d\.\d\d \d\.\d\d \d\.\d\d -?\d+\.\d v=\d+\]",
                                node), node
            assert node[0] == "BW"[i % 2]
        assert nodes[-1].endswith(f" result={head[7]}]"), nodes[-1]
        assert nodes[-1].startswith("C[") == head[7].endswith("+R"), nodes[-1]
    wins = {"few": 0, "many": 0}
    for game in games:
        black, white, result = re.search(r"PB\[(.*?)\]PW\[(.*?)\].*?RE\[(.*?)\]", game).groups()
        if result[0] in "BW":
            wins[black if result[0] == "B" else white] += 1
    against = re.search(r"few against many: (\d+) won, (\d+) lost, (\d+) drawn, (\d+) without", match.out)
    assert [int(against[1]), int(against[2])] == [wins["few"], wins["many"]], (against[0], wins)
    assert sum(map(int, against.groups())) == 8
    assert re.search(r"^many +8 +[+-]\d+ \+- \d+ ", match.out, re.M), match.out
    log = match.log.read_text()
    for text in ("Match Engine starting...", "Git revision:", "Loaded neural net", "Started 4 games",
                 "Loaded all config stuff, starting matches", "Avg move time used by few", "Running with following config:",
                 "Match loop thread terminating", "NN rows", "All cleaned up, quitting"):
        assert text in log, text
    assert "Loaded all config stuff, starting matches" in match.out


def every_pairing_is_played_equally(katago, net):
    match = played(katago, net, {"numBots": 3, "botName2": "more", "maxVisits2": 3, "numGamesTotal": 12,
                                 "secondaryBots": "1,2", "extraPairs": "0-1", "extraPairsAreOneSidedBW": "true"})
    pairs = [re.search(r"PB\[(.*?)\]PW\[(.*?)\]", game).groups() for game in match.games()]
    # A round: few-many twice with black (once by the extra pair), and the others once. 12 games are 2.4 rounds.
    assert ("many", "more") not in pairs and ("more", "many") not in pairs
    assert 4 <= pairs.count(("few", "many")) <= 6, pairs
    for pair in (("many", "few"), ("few", "more"), ("more", "few")):
        assert 2 <= pairs.count(pair) <= 3, pairs


def openings_handicap_and_fair_komi(katago, net):
    match = played(katago, net, {"initGamesWithPolicy": "true", "policyInitAreaProp": 0.3,
                                 "compensateAfterPolicyInitProb": 1, "compensateKomiVisits": 3, "handicapProb": 1,
                                 "numExtraBlackFixed": 2, "komiMean": None, "komiAuto": "true", "komiStdev": 3})
    games = match.games()
    openings = [int(re.search(r"startTurnIdx=(\d+)", game)[1]) for game in games]
    assert len(games) == 8 and max(openings) > 2 and len(set(openings)) > 2, openings
    assert all(re.search(r"AB\[..\]\[..\]", game) for game in games)
    assert len({re.search(r"KM\[(.*?)\]", game)[1] for game in games}) > 2
    for game, opening in zip(games, openings):   # drawn moves carry no values
        assert len(re.findall(r";[BW]\[[a-f]{0,2}\](?!C|TR)", game)) <= opening


def a_bot_may_play_itself(katago, net):
    match = played(katago, net, {"numBots": 1, "botName0": None, "botName1": None, "botName": "self", "maxVisits0": None,
                                 "maxVisits1": None, "maxVisits": 3, "extraPairs": "0-0", "numGamesTotal": 4})
    assert len(match.games()) == 4
    assert re.search(r"^self +8 ", match.out, re.M), match.out


def bots_with_one_file_and_other_precisions_have_nets_of_their_own(katago, net):
    match = played(katago, net, {"precision0": "half", "precision1": "fp32", "numGamesTotal": 2})
    assert match.log.read_text().count("After dedups") == 2, match.log.read_text()
    assert "Unused key" not in match.err, match.err
    alike = played(katago, net, {"precision": "half", "numGamesTotal": 2})
    assert alike.log.read_text().count("After dedups") == 1, alike.log.read_text()


def one_interrupt_finishes_games_and_two_discard_them(katago, net):
    slow = {"numGamesTotal": 100000, "maxVisits0": 60, "maxVisits1": 60, "bSizes": "9,9", "allowResignation": "false"}
    for signals, longest in (([signal.SIGINT], 120), ([signal.SIGINT, signal.SIGINT], 20), ([signal.SIGTERM], 20)):
        endless = len(signals) > 1 or signals[0] == signal.SIGTERM
        changes = dict(slow, maxVisits0=10**9, maxVisits1=10**9) if endless else slow
        match = Match(katago, net, changes)
        while not match.log.exists() or "starting matches" not in match.log.read_text():
            time.sleep(0.05)
        time.sleep(0.7)
        begin = time.time()
        for number in signals:
            match.process.send_signal(number)
            time.sleep(0.3)
        assert match.finish() == 0, match.err
        assert time.time() - begin < longest
        log = match.log.read_text()
        assert "Exited cleanly after signal" in log and "All cleaned up, quitting" in log
        games = len(match.games())
        assert games == len(finished_lines(match)) and f"{games} games\n" in match.out
        assert games == 0 if endless else games >= 3, games


def mistakes_get_one_clear_message(katago, net):
    cases = [
        ({"numGamesTotal": None}, "numGamesTotal"),
        ({"numBots": 1, "botName1": None, "maxVisits1": None}, "MatchPairer: no matchups specified"),
        ({"botName1": None}, "If more than one bot, must specify botName0, botName1,... individually"),
        ({"bSizesXY": "5-6"}, "exactly one of bSizes or bSizesXY"),
        ({"bSizeRelProbs": "1"}, "same number of values"),
        ({"bSizes": "5,99"}, "'99'"),
        ({"koRules": "SIMPLE,NONSENSE"}, "NONSENSE"),
        ({"komiAuto": "true"}, "komiAuto"),
        ({"extraPairs": "0-7"}, "'7'"),
        ({"hasButtons": "perhaps"}, "'perhaps'"),
        ({"resignThreshold": 0.5}, "resignThreshold"),
        ({"maxVisits0": None}, "for ever"),
        ({"nnModelFile": "/nowhere/net.bin.gz", "debugSkipNeuralNet": "false"}, "/nowhere/net.bin.gz"),
        ({"humanSLChosenMoveProp": 0.5}, "no human model"),
    ]
    for changes, expected in cases:
        match = Match(katago, net, changes)
        assert match.finish() == 1, (changes, match.out, match.err)
        assert expected in match.err, (changes, match.err)
        assert "Internal" not in match.err and len(match.err.strip().splitlines()) <= 12, match.err
    warned = played(katago, net, {"maxVisit": 3, "startPosesProb": 0.5, "numGamesTotal": 1})
    assert "Unused key 'maxVisit'" in warned.err and "startPosesProb has no effect" in warned.err


def the_example_config_plays(katago, net):
    example = pathlib.Path(__file__).resolve().parents[2] / "configs" / "match_example.cfg"
    with tempfile.TemporaryDirectory() as folder:
        overrides = (f"nnModelFile0={net},nnModelFile1={net},debugSkipNeuralNet=true,maxVisits=2,numGamesTotal=2,bSizes=5,"
                     "bSizeRelProbs=1,komiAuto=false,komiMean=0,maxMovesPerGame=60,nnCacheSizePowerOfTwo=10")
        done = subprocess.run([katago, "match", "-config", example, "-sgf-output-dir", folder, "-override-config",
                               overrides], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, (done.stdout[-2000:], done.stderr)
        games = [line for file in pathlib.Path(folder).glob("*.sgfs") for line in file.read_text().splitlines()]
        assert len(games) == 2, games


if __name__ == "__main__":
    sys.exit(run_tests([games_records_and_table_agree, every_pairing_is_played_equally, openings_handicap_and_fair_komi,
                        a_bot_may_play_itself, bots_with_one_file_and_other_precisions_have_nets_of_their_own,
                        one_interrupt_finishes_games_and_two_discard_them,
                        mistakes_get_one_clear_message, the_example_config_plays], sys.argv))
