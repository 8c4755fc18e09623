package io.drivebay.driver.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A file as it was found when it was opened.
 *
 * @param driverName {@code file} or {@code host_device}
 * @param readOnly whether it could be opened for reading only
 * @param direct what O_DIRECT demands; null when the page cache is used
 * @param deviceBlockBytes smallest unit of a device; 1 for a file
 * @param guard the image's locks
 */
record OpenedFile(
        String driverName,
        String filename,
        Aio aio,
        boolean readOnly,
        long lengthBytes,
        @Nullable DirectAlignment direct,
        int deviceBlockBytes,
        ImageGuard guard) {
    boolean isDevice() {
        return driverName.equals(HostDeviceDriverFactory.NAME);
    }
}
