package doppio.nn;

import doppio.Generator;
import doppio.internal.layer.LstmCell;

/**
 * Long short-term memory: goes through a sequence step by step, with a state h and a memory c that
 * begin at zero. With σ the logistic function and · element by element, at each step
 *
 * <pre>
 * i = σ(x W_iiᵀ + b_ii + h W_hiᵀ + b_hi)      what to write
 * f = σ(x W_ifᵀ + b_if + h W_hfᵀ + b_hf)      what to keep
 * g = tanh(x W_igᵀ + b_ig + h W_hgᵀ + b_hg)
 * o = σ(x W_ioᵀ + b_io + h W_hoᵀ + b_ho)      what to show
 * c = f · c + i · g
 * h = o · tanh(c)
 * </pre>
 *
 * <p>Shapes: input {@code [n, t, in]}, t steps of each of n sequences, or one sequence {@code [t,
 * in]}; output, the h of every step, {@code [n, t, hidden]} or {@code [t, hidden]}. Of several
 * layers each reads the outputs of the one below. A bidirectional layer has a second set of weights
 * that goes through the sequence from its end; its output is twice as wide, the first direction's
 * before the other's.
 *
 * <p>Parameters, for each layer k: {@code weight_ih_lk} {@code [4 hidden, in]} (from the second
 * layer on the width of the outputs below for in), {@code weight_hh_lk} {@code [4 hidden, hidden]},
 * {@code bias_ih_lk} and {@code bias_hh_lk} {@code [4 hidden]}, whose rows are those of i, f, g and
 * o; then the same with {@code _reverse} behind the names. All are drawn from U(−1/√hidden,
 * 1/√hidden) in this order: PyTorch's default.
 *
 * <p>Gradient: back through all steps. The same in training and evaluation.
 *
 * <pre>{@code
 * new Sequential(new LSTM(3, 32), new LastStep(), new Linear(32, 2))    // [n, t, 3] to [n, 2]
 * }</pre>
 *
 * <p>Source: Hochreiter and Schmidhuber, "Long short-term memory" (1997), with the forget gate of
 * Gers, Schmidhuber and Cummins, "Learning to forget" (2000); {@code torch.nn.LSTM} with
 * batch_first.
 */
public final class LSTM extends Recurrent {
  /** One layer in one direction, drawn from the default generator. */
  public LSTM(int in, int hidden) {
    this(in, hidden, Generator.defaultGenerator());
  }

  /** One layer in one direction, drawn from the given generator. */
  public LSTM(int in, int hidden, Generator generator) {
    this(in, hidden, 1, false, generator);
  }

  /**
   * Several layers, in one direction or two, drawn from the given generator.
   *
   * @throws IllegalArgumentException if a number is below 1
   */
  public LSTM(int in, int hidden, int layers, boolean bidirectional, Generator generator) {
    super(LstmCell.CELL, in, hidden, layers, bidirectional, generator);
  }

  /** One that is made again. */
  public LSTM(Parts parts) {
    super(LstmCell.CELL, parts);
  }

  @Override
  public Description<LSTM> describe() {
    return describe(Description.of(LSTM::new));
  }
}
