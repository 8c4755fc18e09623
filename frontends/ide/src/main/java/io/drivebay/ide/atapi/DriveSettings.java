package io.drivebay.ide.atapi;

import io.drivebay.ide.ata.TransferMode;

/** What ATA commands set in a packet drive. Plain storage. */
final class DriveSettings {
    final TransferMode transferMode = new TransferMode();
    boolean revertOnSoftReset;

    /** Removable media status notification: GET MEDIA STATUS works. */
    boolean mediaStatus;

    /** The medium has changed since GET MEDIA STATUS last said so. */
    boolean mediumChanged;

    /** The host has asked for the medium since GET MEDIA STATUS last said so. */
    boolean ejectRequested;

    void revert() {
        transferMode.reset();
        revertOnSoftReset = false;
        mediaStatus = false;
    }
}
