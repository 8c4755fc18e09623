package io.drivebay.backend;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** Flight Recorder: a backend's medium was inserted, removed or changed. Off unless a recording asks for it. */
@Name("drivebay.MediumChange")
@Label("Medium Change")
@Category("Drivebay")
@Description("A backend's medium was inserted, removed or changed")
@Enabled(false)
@StackTrace(false)
final class MediumChangeEvent extends Event {
    @Label("Backend")
    String backend = "";

    @Label("Old Medium")
    String oldMedium = "";

    @Label("New Medium")
    String newMedium = "";

    @Label("Generation")
    long generation;

    @Label("Pause")
    @Description("How long requests were held back")
    @Timespan(Timespan.NANOSECONDS)
    long pauseNs;
}
