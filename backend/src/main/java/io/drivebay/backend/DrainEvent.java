package io.drivebay.backend;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Flight Recorder: the wait for requests to end before something was drained. Off unless a recording asks for it. */
@Name("drivebay.Drain")
@Label("Drain")
@Category("Drivebay")
@Description("The time from stopping new requests until the last pending one had ended")
@Enabled(false)
@StackTrace(false)
final class DrainEvent extends Event {
    @Label("Drained")
    String what = "";

    @Label("In Time")
    boolean inTime;
}
