package io.drivebay.exports.vhost;

/** Its rings are packed ones. */
final class QemuPackedGuestTest extends QemuGuestContract {
    @Override
    boolean packed() {
        return true;
    }
}
