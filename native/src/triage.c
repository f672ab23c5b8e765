// SPDX-License-Identifier: MIT
#include "triage.h"

#include <bpf/libbpf.h>
#include <errno.h>

#include "triage.skel.h"

/* What libbpf has to say is for its developers; what matters to the user is the error. */
static int silent(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

bool triage_needed(const struct triage_settings *settings)
{
	return settings->triage || settings->ports > 0 || settings->hosts > 0;
}

struct triage *triage_load(const struct triage_settings *settings, int *error)
{
	struct triage_bpf *skeleton;

	libbpf_set_print(silent);
	skeleton = triage_bpf__open();
	if (!skeleton) {
		*error = errno;
		return NULL;
	}
	/* The skeleton's own type is made from the filter's, which is this one. */
	*(struct triage_settings *)&skeleton->rodata->settings = *settings;
	*error = -triage_bpf__load(skeleton);
	if (*error == 0)
		return (struct triage *)skeleton;
	triage_bpf__destroy(skeleton);
	return NULL;
}

int triage_program(const struct triage *triage, bool bare)
{
	const struct triage_bpf *skeleton = (const struct triage_bpf *)triage;

	return bpf_program__fd(bare ? skeleton->progs.triage_ip : skeleton->progs.triage_ethernet);
}

void triage_unload(struct triage *triage)
{
	triage_bpf__destroy((struct triage_bpf *)triage);
}
