package io.drivebay.exports.vhost;

/** Its rings are split ones. */
final class QemuGuestTest extends QemuGuestContract {
    @Override
    boolean packed() {
        return false;
    }
}
