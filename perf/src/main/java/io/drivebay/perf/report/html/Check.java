package io.drivebay.perf.report.html;

/**
 * A claim that was put to the test.
 *
 * @param claim a sentence
 * @param holds whether it was found true
 * @param detail what was seen
 */
public record Check(String claim, boolean holds, String detail) {}
