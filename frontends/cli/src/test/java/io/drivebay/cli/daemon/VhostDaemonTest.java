package io.drivebay.cli.daemon;

/** The daemon's disks by split rings. */
final class VhostDaemonTest extends VhostDaemonContract {}
