package io.drivebay.backend;

/**
 * What a device may want to know of a medium before it is put in.
 *
 * @param lengthBytes its length, a multiple of 512
 * @param readOnly true when it can only be read
 */
public record MediumProperties(long lengthBytes, boolean readOnly) {}
