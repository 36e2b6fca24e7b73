"""Each service inside the booted test image, in one boot that ends with the keyring's death."""
import probe


def test_services(t, lab):
    probe.run(t, lab.states + "/services", probe.SERVICES)
