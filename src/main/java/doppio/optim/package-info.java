/**
 * How training changes the parameters.
 *
 * <p>An {@link doppio.optim.Optimizer} makes a step down the gradients: {@link doppio.optim.SGD},
 * {@link doppio.optim.Momentum}, {@link doppio.optim.Adam}, {@link doppio.optim.AdamW}, {@link
 * doppio.optim.RMSprop}, {@link doppio.optim.Adagrad} or a rule of your own. A {@link
 * doppio.optim.ParameterGroup} gives some of the parameters a learning rate and decay of their own.
 * {@link doppio.optim.GradientClip} bounds the gradients before a step; a {@link
 * doppio.optim.Scheduler} lets the learning rates follow a {@link doppio.optim.Schedule}.
 */
package doppio.optim;
