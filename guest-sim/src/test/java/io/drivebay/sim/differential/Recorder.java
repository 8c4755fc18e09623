package io.drivebay.sim.differential;

import io.drivebay.sim.machine.PcAccess;
import java.util.ArrayList;
import java.util.List;

/** A machine that a program runs on, and what the program saw of it: values with the names of the places they came from. */
final class Recorder {
    /** Something that was seen. */
    record Sight(String scene, String place, int value) {}

    final PcAccess pc;
    final List<Sight> sights = new ArrayList<>();
    private String scene = "";

    Recorder(final PcAccess pc) {
        this.pc = pc;
    }

    /** What comes now belongs to a part of the program that has a name, and of which there may be several. */
    void scene(final String name) {
        scene = name;
        see("", 0);
    }

    void see(final String place, final int value) {
        sights.add(new Sight(scene, place, value));
    }

    /** Bytes as a checksum, for data of which the content is the disk's. */
    void seeSum(final String place, final byte[] data, final int length) {
        int sum = 1;
        for (int i = 0; i < length; i++) {
            sum = 31 * sum + data[i];
        }
        see(place, sum);
    }
}
