package io.drivebay.backend.context;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Flight Recorder: a context's thread slept. Off unless a recording asks for it. */
@Name("drivebay.ContextSleep")
@Label("I/O Context Sleep")
@Category("Drivebay")
@Description("The thread of an I/O context slept in the kernel, waiting for work")
@Enabled(false)
@StackTrace(false)
final class ContextSleepEvent extends Event {
    @Label("Context")
    String context = "";
}
