from click.testing import CliRunner

from portal.cli.bench import command


def test_the_table_names_every_policy_and_says_which_bars_hold():
    found = CliRunner().invoke(command, ["negotiation", "--seed", "3", "--debtors", "6", "--no-curves"])
    assert found.exit_code == 0, found.output
    for word in (
        "first generator (elasticity 2.36), seed 3",
        "second generator",
        "Boulware",
        "this engine",
        "twin gap",
    ):
        assert word in found.output
    assert found.output.count(">=") == 10
