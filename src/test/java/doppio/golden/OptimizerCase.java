package doppio.golden;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.CrossEntropy;
import doppio.nn.Linear;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Adagrad;
import doppio.optim.Adam;
import doppio.optim.AdamW;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import doppio.optim.RMSprop;
import doppio.optim.SGD;
import doppio.optim.Schedule;
import doppio.optim.Scheduler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * A training of a small classifier, whose every step is compared with PyTorch's.
 *
 * @param rule which optimizer
 * @param coupled PyTorch's {@code weight_decay}, AdamW's too
 * @param decoupled the decay that is not multiplied by the learning rate
 * @param schedule the learning rate's, step by step; its name for reports in {@code scheduled}
 */
public record OptimizerCase(
    Rule rule, double coupled, double decoupled, String scheduled, Schedule schedule) {
  /** The number of steps. */
  public static final int STEPS = 200;

  /** The momentum of those rules that have one. */
  public static final double MOMENTUM = 0.9;

  /** The optimizers, with the learning rate that they start with. */
  public enum Rule {
    SGD(0.1),
    MOMENTUM(0.05),
    NESTEROV(0.05),
    ADAM(0.01),
    ADAM_OTHER_BETAS(0.01),
    ADAM_W(0.01),
    RMSPROP(0.002),
    RMSPROP_MOMENTUM_CENTERED(0.002),
    ADAGRAD(0.1),
    ADAGRAD_OTHERWISE(0.1);

    private final double rate;

    Rule(double rate) {
      this.rate = rate;
    }

    /** The learning rate. */
    public double rate() {
      return rate;
    }
  }

  /** Every rule without decay, with each kind of it, and with schedules. */
  public static List<OptimizerCase> all() {
    Map<String, Schedule> schedules = new LinkedHashMap<>();
    schedules.put("steps", Schedule.step(40, 0.5));
    schedules.put("exponential", Schedule.exponential(0.99));
    schedules.put("warm-up and cosine", Schedule.warmUp(20).then(20, Schedule.cosine(180, 0.01)));
    List<OptimizerCase> cases = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      cases.add(new OptimizerCase(rule, 0, 0, "constant", t -> 1));
      cases.add(new OptimizerCase(rule, 0.01, 0, "constant", t -> 1));
      if (rule != Rule.ADAM_W) {
        cases.add(new OptimizerCase(rule, 0, 0.001, "constant", t -> 1));
      }
      schedules.forEach(
          (name, schedule) -> cases.add(new OptimizerCase(rule, 0.01, 0, name, schedule)));
    }
    return cases;
  }

  /** The model that is trained: {@code [n, 5]} to {@code [n, 3]}. */
  public static Sequential model() {
    Generator g = new Generator(1);
    return new Sequential(new Linear(5, 8, g), new Tanh(), new Linear(8, 3, g));
  }

  /** What it is trained on, {@code [12, 5]}. */
  public static Tensor inputs() {
    Tensor inputs = Tensor.zeros(12, 5);
    new Generator(2).normal(inputs.data(), 0, 1);
    return inputs;
  }

  /** Its class indices, {@code [12]}. */
  public static Tensor targets() {
    Generator g = new Generator(3);
    Tensor targets = Tensor.zeros(12);
    for (int i = 0; i < targets.size(); i++) {
      targets.data()[i] = g.random32() % 3;
    }
    return targets;
  }

  /** Whether the golden values have the parameters after a step, from 1. */
  public static boolean isRecorded(int step) {
    return step == 1 || step == STEPS;
  }

  /** The learning rate at a step, from 0. */
  public double rate(int step) {
    return rule.rate * schedule.factor(step);
  }

  /** The parameters after those of the 200 steps, from 1, that are asked for, by Doppio. */
  public Map<String, Tensor> results(IntPredicate recorded) {
    Sequential model = model();
    Tensor inputs = inputs();
    Tensor targets = targets();
    CrossEntropy loss = new CrossEntropy();
    Optimizer optimizer = optimizer(model);
    Scheduler scheduler = new Scheduler(optimizer, schedule);
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (int step = 1; step <= STEPS; step++) {
      optimizer.zeroGrad();
      loss.forward(model.forward(inputs), targets);
      model.accumulateGradients(loss.backward());
      optimizer.step();
      scheduler.step();
      if (recorded.test(step)) {
        for (Map.Entry<String, Tensor> parameter : model.stateDict().entrySet()) {
          results.put(step + " " + parameter.getKey(), parameter.getValue().copy());
        }
      }
    }
    return results;
  }

  /** The optimizer of a model's parameters. */
  public Optimizer optimizer(Sequential model) {
    List<Parameter> parameters = model.parameters();
    double rate = rule.rate;
    Optimizer optimizer =
        switch (rule) {
          case SGD -> new SGD(parameters, rate);
          case MOMENTUM -> new Momentum(parameters, rate, MOMENTUM);
          case NESTEROV -> new Momentum(parameters, rate, MOMENTUM).nesterov(true);
          case ADAM -> new Adam(parameters, rate);
          case ADAM_OTHER_BETAS -> new Adam(parameters, rate, 0.8, 0.95, 1e-3);
          case ADAM_W -> new AdamW(parameters, rate);
          case RMSPROP -> new RMSprop(parameters, rate);
          case RMSPROP_MOMENTUM_CENTERED -> new RMSprop(parameters, rate, 0.9, 1e-3, 0.5, true);
          case ADAGRAD -> new Adagrad(parameters, rate);
          case ADAGRAD_OTHERWISE -> new Adagrad(parameters, rate, 0.01, 0.1, 1e-3);
        };
    optimizer.weightDecay(coupled);
    return rule == Rule.ADAM_W ? optimizer : optimizer.decoupledWeightDecay(decoupled);
  }

  @Override
  public String toString() {
    return rule + ", decay " + coupled + ", decoupled " + decoupled + ", rate " + scheduled;
  }
}
