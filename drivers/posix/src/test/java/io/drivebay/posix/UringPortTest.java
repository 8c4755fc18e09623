package io.drivebay.posix;

import static org.junit.jupiter.api.Assumptions.abort;

final class UringPortTest extends AsyncFilePortContract {
    @Override
    AsyncFilePort open(final PortOptions options) throws PosixException {
        try {
            return UringPort.open(options);
        } catch (final IoUringUnavailableException e) {
            return abort(e.getMessage());
        }
    }
}
