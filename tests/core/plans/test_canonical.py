from portal.core.plans.canonical import canonical_json, digest


def test_equal_values_have_equal_bytes_whatever_the_order_of_keys():
    one, other = {"b": [1, "é"], "a": None}, {"a": None, "b": [1, "é"]}
    assert canonical_json(one) == canonical_json(other) == '{"a":null,"b":[1,"é"]}'
    assert digest(one) == digest(other)
    assert len(digest(one)) == 64
    assert digest(one) != digest({**one, "a": 0})
