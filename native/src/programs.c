// SPDX-License-Identifier: MIT
#include "programs.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool names(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, const char *name)
{
	Elf_Data *symbols = elf_getdata(section, NULL);
	size_t n;

	for (n = 0; symbols && header->sh_entsize && n < header->sh_size / header->sh_entsize; n++) {
		const char *found;
		GElf_Sym symbol;

		if (!gelf_getsym(symbols, n, &symbol) || GELF_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_shndx == SHN_UNDEF)
			continue;
		found = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (found && strcmp(found, name) == 0)
			return true;
	}
	return false;
}

bool has_function(const char *path, const char *name)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf_Scn *section = NULL;
	bool found = false;
	Elf *elf;

	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	while (elf && !found && (section = elf_nextscn(elf, section))) {
		GElf_Shdr header;

		if (gelf_getshdr(section, &header) && (header.sh_type == SHT_DYNSYM || header.sh_type == SHT_SYMTAB))
			found = names(elf, section, &header, name);
	}
	elf_end(elf);
	close(fd);
	return found;
}

void programs_add(struct programs *programs, int process)
{
	struct program *next = &programs->all[programs->count];
	struct stat file;
	int n;

	if (programs->count == MAX_PROGRAMS)
		return;
	snprintf(next->path, sizeof(next->path), "/proc/%d/exe", process);
	if (stat(next->path, &file) < 0)
		return;
	for (n = 0; n < programs->count; n++)
		if (programs->all[n].inode == file.st_ino && programs->all[n].device == file.st_dev)
			return;
	if (!has_function(next->path, TLS_READS) || !has_function(next->path, TLS_WRITES))
		return;
	next->device = file.st_dev;
	next->inode = file.st_ino;
	programs->count++;
}
