package io.drivebay.ide.ata;

import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.ErrorBits;

/** One request without data, and what follows its success: a flush, a secure erase. */
final class SingleRequest implements Activity {
    private final AtaDisk disk;
    private Handler then = AtaDisk::succeed;

    SingleRequest(final AtaDisk disk) {
        this.disk = disk;
    }

    void begin(final Operation operation, final long lengthBytes, final int flags, final Handler next) {
        then = next;
        disk.core().work(this);
        disk.core()
                .port()
                .request()
                .set(operation, 0, lengthBytes, flags)
                .vector()
                .clear();
        disk.core().port().submit();
    }

    @Override
    public void ioDone(final BlockRequest request) {
        final ErrorAction action =
                request.succeeded() ? ErrorAction.IGNORE : disk.core().port().judge();
        switch (action) {
            case REPORT -> {
                disk.fail(ErrorBits.ABRT);
                disk.core().port().reported();
            }
            case IGNORE -> then.run(disk);
            default -> {}
        }
    }
}
