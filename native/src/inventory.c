// SPDX-License-Identifier: MIT
#include "inventory.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "entry.h"
#include "holders.h"

/* Listeners, and connections, told of one by one: a section's beginning has room for no more. */
#define MAX_TOLD 256

/* Programs that are gateways, and those that listen on unix sockets for others than gateways. */
static const char *const GATEWAYS[] = { "nginx", "openresty", "angie", "freenginx", "tengine", "haproxy", "apache2", "httpd", "caddy", "envoy", "traefik", "lighttpd" };
static const char *const NO_PEERS[] = { "/run/systemd/", "/run/dbus/", "/run/udev/", "/run/user/", "/run/containerd/", "/run/docker", "/run/snapd", "/run/acpid", "/run/lvm/", "/tmp/tmux-" };
#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

static bool is_gateway(const struct open_socket *one)
{
	int n;

	for (n = 0; n < COUNT(GATEWAYS); n++)
		if (strcmp(one->name, GATEWAYS[n]) == 0)
			return true;
	return false;
}

static bool may_be_peer(const struct open_socket *one)
{
	const char *path = strncmp(one->path, "/var/run/", 9) == 0 ? one->path + 4 : one->path;
	int n;

	/* Of systemd's own: nobody is there before the first connection. */
	if (!one->path[0] || one->process <= 1)
		return false;
	for (n = 0; n < COUNT(NO_PEERS); n++)
		if (strncmp(path, NO_PEERS[n], strlen(NO_PEERS[n])) == 0)
			return false;
	return true;
}

static void find_gateways(struct inventory *inventory)
{
	const struct sockets *sockets = &inventory->sockets;
	bool gateway = false, peer = false;
	int n;

	for (n = 0; n < sockets->count; n++) {
		const struct open_socket *one = &sockets->all[n];

		peer = peer || may_be_peer(one);
		if (!one->listens || one->path[0] || !is_gateway(one))
			continue;
		gateway = true;
		programs_add(&inventory->programs, one->process);
	}
	inventory->unix_peers = gateway && peer;
}

static unsigned int read_number(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strtoul(text, NULL, 10);
}

void inventory_take(struct inventory *inventory)
{
	inventory->fd = sockets_open();
	inventory->somaxconn = read_number("/proc/sys/net/core/somaxconn");
	sockets_list(inventory->fd, &inventory->sockets, true);
	name_holders(&inventory->sockets);
	find_gateways(inventory);
}

static const char *place_of(const struct open_socket *one, char *to)
{
	return one->path[0] ? path_text(one->path, to) : end_text(one->local, one->local_port, to);
}

static void name_holder(struct entry *entry, const struct open_socket *one)
{
	char name[NAME_OCTETS];

	if (!one->process)
		return;
	add(entry, "WHY502_NAME=%s\n", safe(one->name, name));
	field(entry, "PROCESS", one->process);
	if (one->unit[0])
		add(entry, "WHY502_UNIT=%s\n", one->unit);
}

static void write_listener(const struct inventory *inventory, const struct open_socket *one, struct buffer *to, nanos at)
{
	char ends[ENDS_OCTETS], name[NAME_OCTETS];
	struct entry entry;

	begin_entry(&entry, at, INFO, "listening");
	add(&entry, "MESSAGE=");
	if (one->process)
		add(&entry, "%s[%u]", safe(one->name, name), one->process);
	else
		add(&entry, "somebody");
	if (one->unit[0])
		add(&entry, " of %s", one->unit);
	add(&entry, " listens on %s: %u of %u wait to be accepted", place_of(one, ends), one->queue, one->backlog);
	if (one->backlog && one->backlog == inventory->somaxconn)
		add(&entry, " (net.core.somaxconn allows no more)");
	add(&entry, "\n");
	name_holder(&entry, one);
	add(&entry, "WHY502_LOCAL=%s\nWHY502_USER=%u\n", place_of(one, ends), one->user);
	field(&entry, "QUEUE", one->queue);
	field(&entry, "BACKLOG", one->backlog);
	field(&entry, "SOMAXCONN", inventory->somaxconn);
	write_entry(to, &entry);
}

/* It was opened by somebody who listens elsewhere: a gateway, or a server that is a client too. */
static bool is_opened(const struct sockets *sockets, const struct open_socket *one)
{
	bool serves = false;
	int n;

	if (one->listens || !one->process)
		return false;
	for (n = 0; n < sockets->count; n++) {
		const struct open_socket *other = &sockets->all[n];

		if (!other->listens || other->path[0])
			continue;
		if (other->local_port == one->local_port)
			return false;
		serves = serves || strcmp(other->name, one->name) == 0;
	}
	return serves;
}

static void write_connection(const struct open_socket *one, struct buffer *to, nanos at)
{
	char local[ENDS_OCTETS], remote[ENDS_OCTETS], name[NAME_OCTETS];
	struct entry entry;

	end_text(one->local, one->local_port, local);
	end_text(one->remote, one->remote_port, remote);
	begin_entry(&entry, at, INFO, "held");
	add(&entry, "MESSAGE=%s[%u] had opened %s -> %s before\n", safe(one->name, name), one->process, local, remote);
	name_holder(&entry, one);
	add(&entry, "WHY502_LOCAL=%s\nWHY502_REMOTE=%s\n", local, remote);
	write_entry(to, &entry);
}

static void write_not_listed(int count, struct buffer *to, nanos at)
{
	struct entry entry;

	begin_entry(&entry, at, WARNING, "not-listed");
	add(&entry, "MESSAGE=%d more sockets were open before; they are not listed\n", count);
	write_entry(to, &entry);
}

void inventory_write(const struct inventory *inventory, struct buffer *to, nanos at)
{
	const struct sockets *sockets = &inventory->sockets;
	int not_listed = sockets->not_listed, listeners = 0, connections = 0, n;

	for (n = 0; n < sockets->count; n++) {
		const struct open_socket *one = &sockets->all[n];

		if (one->listens ? listeners == MAX_TOLD : connections == MAX_TOLD && is_opened(sockets, one)) {
			not_listed++;
		} else if (one->listens) {
			listeners++;
			write_listener(inventory, one, to, at);
		} else if (is_opened(sockets, one)) {
			connections++;
			write_connection(one, to, at);
		}
	}
	if (not_listed)
		write_not_listed(not_listed, to, at);
}

/* Listens at the address that the event's connection was meant for, or at any. */
static bool is_at(const struct open_socket *one, const struct event *event)
{
	static const __u8 any[16], mapped_any[16] = { [10] = 0xff, [11] = 0xff };

	if (event->path[0])
		return strncmp(one->path, event->path, PATH_OCTETS) == 0;
	return !one->path[0] && one->local_port == event->remote_port &&
	       (memcmp(one->local, event->remote, 16) == 0 || memcmp(one->local, any, 16) == 0 ||
		memcmp(one->local, mapped_any, 16) == 0);
}

void inventory_queue(const struct inventory *inventory, const struct event *event, struct buffer *to, nanos at)
{
	static struct sockets now;
	int n, m;

	sockets_list(inventory->fd, &now, false);
	for (n = 0; n < now.count; n++) {
		struct open_socket *one = &now.all[n];

		if (!is_at(one, event))
			continue;
		/* Who holds it was asked before; of a socket that is new nobody knows. */
		for (m = 0; m < inventory->sockets.count; m++) {
			const struct open_socket *known = &inventory->sockets.all[m];

			if (known->inode != one->inode)
				continue;
			one->process = known->process;
			memcpy(one->name, known->name, sizeof(one->name));
			memcpy(one->unit, known->unit, sizeof(one->unit));
		}
		write_listener(inventory, one, to, at);
		return;
	}
}
