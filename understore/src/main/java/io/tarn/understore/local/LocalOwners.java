package io.tarn.understore.local;

import io.tarn.understore.StoreAttributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives files to users and groups that this machine knows; a name that it does not know is ignored, as a store that keeps no owner would. */
final class LocalOwners {
    private static final Logger LOG = LoggerFactory.getLogger(LocalOwners.class);

    private LocalOwners() {}

    static void apply(Path file, StoreAttributes attributes) throws IOException {
        String owner = attributes.owner();
        String group = attributes.group();
        if (owner == null && group == null) {
            return;
        }
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        UserPrincipalLookupService names = file.getFileSystem().getUserPrincipalLookupService();
        try {
            if (owner != null) {
                UserPrincipal user = names.lookupPrincipalByName(owner);
                if (!user.equals(view.readAttributes().owner())) {
                    view.setOwner(user);
                }
            }
            if (group != null) {
                GroupPrincipal principal = names.lookupPrincipalByGroupName(group);
                if (!principal.equals(view.readAttributes().group())) {
                    view.setGroup(principal);
                }
            }
        } catch (UserPrincipalNotFoundException e) {
            LOG.debug("{} keeps its owner: this machine does not know {}", file, e.getName());
        }
    }
}
