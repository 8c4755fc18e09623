package io.drivebay.perf.result;

/**
 * One change of the medium during a run.
 *
 * @param atNs when it was done, from the begin of the run
 * @param pauseNs for how long requests were held back
 */
public record MediumChange(long atNs, long pauseNs) {}
