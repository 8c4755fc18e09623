package io.drivebay.ide.ata;

import java.security.MessageDigest;

/** The security feature set (ATA-6 6.14): two passwords, and whether they lock the disk. Lives as long as the disk. */
final class SecurityState {
    static final int PASSWORD_BYTES = 32;
    static final int DEFAULT_REVISION = 0xfffe;
    private static final int ATTEMPTS = 5;

    private final byte[] user = new byte[PASSWORD_BYTES];
    private final byte[] master = new byte[PASSWORD_BYTES];
    private boolean enabled;
    private boolean locked;
    private boolean frozen;
    private boolean maximum;
    private int attempts = ATTEMPTS;
    private int revision = DEFAULT_REVISION;

    boolean locked() {
        return locked;
    }

    boolean frozen() {
        return frozen;
    }

    boolean enabled() {
        return enabled;
    }

    int masterRevision() {
        return revision;
    }

    /** IDENTIFY word 128. */
    int word128() {
        return 1
                | (enabled ? 1 << 1 : 0)
                | (locked ? 1 << 2 : 0)
                | (frozen ? 1 << 3 : 0)
                | (attempts == 0 ? 1 << 4 : 0)
                | (maximum ? 1 << 8 : 0);
    }

    void setUser(final byte[] password, final boolean maximumLevel) {
        System.arraycopy(password, 0, user, 0, PASSWORD_BYTES);
        maximum = maximumLevel;
        enabled = true;
    }

    void setMaster(final byte[] password, final int newRevision) {
        System.arraycopy(password, 0, master, 0, PASSWORD_BYTES);
        if (newRevision != 0 && newRevision != 0xffff) {
            revision = newRevision;
        }
    }

    /** True when a password is right for unlocking; a wrong one costs an attempt while locked. */
    boolean unlock(final byte[] password, final boolean isMaster) {
        if (attempts == 0 && locked) {
            return false;
        }
        final boolean right = !(isMaster && maximum) && matches(password, isMaster);
        if (right) {
            locked = false;
        } else if (locked) {
            attempts--;
        }
        return right;
    }

    /** True when a password is right for erasing: there the master password always counts. */
    boolean matches(final byte[] password, final boolean isMaster) {
        return MessageDigest.isEqual(password, isMaster ? master : user);
    }

    /** True when a password is right for disabling. */
    boolean mayDisable(final byte[] password, final boolean isMaster) {
        return !(isMaster && maximum) && matches(password, isMaster);
    }

    /** The user password is gone; the master password stays. */
    void disable() {
        enabled = false;
        locked = false;
        maximum = false;
    }

    void freeze() {
        frozen = true;
    }

    void powerOn() {
        locked = enabled;
        frozen = false;
        attempts = ATTEMPTS;
    }
}
