/* Measures how long the main loop is held, for the test that bounds it. */
#pragma once

#include "session/shs-session.h"

G_BEGIN_DECLS

/**
 * shs_loop_watch_session: with SHAPSCOPE_WATCH_LOOP in the environment, begins to measure when
 * @session begins to explain: a timer of 5 ms notes the longest time until it was called, less the
 * time in which other threads had the processors.
 */
void shs_loop_watch_session (ShsSession *session);
/** shs_loop_watch_stop: the window is being taken down, which holds nobody up. */
void shs_loop_watch_stop (void);
/** shs_loop_watch_report: prints "longest block of the main loop: N ms" when it was measured. */
void shs_loop_watch_report (void);

G_END_DECLS
