/**
 * How good the answers are, with or without a training.
 *
 * <p>A {@link doppio.metric.Metric} is one number for predictions and their targets, a {@link
 * doppio.metric.ConfusionMatrix} a table for classes; {@link doppio.metric.Predictions} asks a
 * model for what they measure:
 *
 * <pre>{@code
 * double accuracy = Metric.accuracy().of(Predictions.of(model, test), test.targets());
 * }</pre>
 */
package doppio.metric;
