/* SPDX-License-Identifier: MIT */
/*
 * The terminal that the reader draws on. Whoever is killed gives nothing back: we outlive our parent by a moment, and do it
 * in its place.
 */
#ifndef WHY502_TERMINAL_H
#define WHY502_TERMINAL_H

/* Remembers it, and who our parent is; -1: it draws on none. */
void terminal_open(int fd);
/* Where the parent is gone: no mouse, a cursor, and the screen of before. How lines are edited is the shell's to set again. */
void terminal_give_back(void);

#endif
