package io.drivebay.posix;

final class EpollPortTest extends AsyncFilePortContract {
    @Override
    AsyncFilePort open(final PortOptions options) throws PosixException {
        return EpollPort.open(options);
    }
}
