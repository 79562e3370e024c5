package io.tarn.master.mirror;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.understore.CreateOptions;
import io.tarn.understore.ForwardingUnderStore;
import io.tarn.understore.StoreAttributes;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.StoreWriter;
import io.tarn.understore.UnderStore;
import java.util.function.BooleanSupplier;

/**
 * An under store that only the leader changes. A master that stood still while another one took over would carry on where it stopped, and undo, for instance, what
 * that one has carried out meanwhile: no store knows of epochs. So the leadership is looked at before each change. (What
 * is on its way to the store when a master stops may still arrive.) As thread-safe as the store.
 */
final class LeadersStore extends ForwardingUnderStore {
    private final BooleanSupplier leads;

    LeadersStore(UnderStore store, BooleanSupplier leads) {
        super(store);
        this.leads = leads;
    }

    private void requireLeadership() throws TarnException {
        if (!leads.getAsBoolean()) {
            throw new TarnException(
                    ErrorCode.NOT_LEADER,
                    "this master leads no more, and changes nothing in " + uri() + ": ask the leader");
        }
    }

    @Override
    public StoreWriter create(String path, CreateOptions options) throws TarnException {
        requireLeadership();
        return super.create(path, options);
    }

    @Override
    public void createDirectory(String path) throws TarnException {
        requireLeadership();
        super.createDirectory(path);
    }

    @Override
    public boolean deleteFile(String path, String versionTag) throws TarnException {
        requireLeadership();
        return super.deleteFile(path, versionTag);
    }

    @Override
    public boolean deleteDirectory(String path, boolean recursive) throws TarnException {
        requireLeadership();
        return super.deleteDirectory(path, recursive);
    }

    @Override
    public void rename(String source, String target) throws TarnException {
        requireLeadership();
        super.rename(source, target);
    }

    @Override
    public StoreStatus copyFile(String source, String versionTag, String target) throws TarnException {
        requireLeadership();
        return super.copyFile(source, versionTag, target);
    }

    @Override
    public void setAttributes(String path, StoreAttributes attributes) throws TarnException {
        requireLeadership();
        super.setAttributes(path, attributes);
    }

    @Override
    public void removeUnfinished(String upload) throws TarnException {
        requireLeadership();
        super.removeUnfinished(upload);
    }
}
