package io.drivebay.backend;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** Flight Recorder: a request took longer than its backend's threshold. Off unless a recording asks for it. */
@Name("drivebay.SlowRequest")
@Label("Slow Block Request")
@Category("Drivebay")
@Description("A block request took longer than the threshold set on its backend")
@Enabled(false)
@StackTrace(false)
final class SlowRequestEvent extends Event {
    @Label("Backend")
    String backend = "";

    @Label("Operation")
    String operation = "";

    @Label("Status")
    String status = "";

    @Label("Offset")
    @DataAmount
    long offset;

    @Label("Length")
    @DataAmount
    long length;

    @Label("Time in Queue")
    @Timespan(Timespan.NANOSECONDS)
    long queueNs;

    @Label("Time in Service")
    @Timespan(Timespan.NANOSECONDS)
    long serviceNs;
}
