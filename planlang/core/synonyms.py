"""What the trade calls the kinds, attributes and words of the language: the one table of synonyms.

Messages and `plan explain WORD` read it. Words are in lower case, with `_` for blanks and hyphens.
"""

from __future__ import annotations

_KINDS = {
    "plan": "project fleet portfolio program programme settings config",
    "region": "metro market country state climate geography az availability_zone zone",
    "campus": "site datacenter data_center datacentre data_centre dc location facility park colo pop",
    "building": "bldg structure shell",
    "hall": "data_hall datahall room suite cell white_space whitespace floor",
    "milestone": "gate deadline target phase_gate",
    "accelerator": "gpu chip xpu tpu asic npu processor",
    "system": "rack server node tray cabinet sku appliance machine host nvl72",
    "port": "interface network_port network_interface dpu hca",
    "deploy": "deployment pod cluster install installation racks servers gpus nodes workload tranche batch pods",
    "switch": "leaf spine tor router",
    "transceiver": "optic optics sfp osfp qsfp pluggable lpo zr",
    "cable": "dac aec aoc acc copper twinax",
    "fabric": "network backend back_end scale_out cluster_network interconnect backend_network",
    "run": "cable_run fiber_run",
    "ocs": "optical_switch circuit_switch oxc",
    "utility": "grid feed feeder mains intertie poi grid_connection interconnection ppa solar pv wind nuclear smr "
    "fuel_cell",
    "substation": "sub hv_transformer gsu main_transformer mpt hv_substation",
    "transformer": "mv_transformer xfmr xfrmr trafo lv_transformer unit_substation padmount transformer_mv",
    "generator": "genset gensets gen gens diesel backup_generator emergency_generator engine recip turbine gas_turbine",
    "battery": "bess ess storage energy_storage bbu flywheel supercap accumulator",
    "ups": "static_ups rotary_ups drups uninterruptible",
    "pdu": "rpp panel panelboard power_panel remote_power_panel sts switchboard floor_pdu pdus",
    "busway": "busbar busduct bus_duct bus bus_bar tap_box track_busway",
    "chiller": "chiller_plant air_cooled_chiller water_cooled_chiller dx",
    "dry_cooler": "drycooler fluid_cooler adiabatic adiabatic_cooler free_cooler radiator",
    "tower": "cooling_tower ct evaporative_cooler evap",
    "cdu": "coolant_distribution_unit heat_exchanger hx",
    "crah": "crac fan_wall fanwall ahu air_handler in_row_cooler inrow rdhx rear_door fcu crac_unit",
    "water": "water_supply municipal_water",
    "line_system": "dwdm wdm ols open_line_system line transport",
    "fiber": "fibre optical_fiber fiber_type glass smf",
    "conduit": "duct trench route row right_of_way srlg path cable_route",
    "link": "edge span circuit fiber_route fibre_route connection wavelength backbone",
    "demand": "traffic flow commodity requirement traffic_demand",
}

REMARKS = {
    "rack": "what one orders is a `system`, how many stand there a `deploy`, and the room for them `positions`",
    "racks": "so many systems are a `deploy`, and the room for them is `positions`",
    "turbine": "beside the grid it runs with `duty = prime` or `duty = continuous`",
    "gas_turbine": "beside the grid it runs with `duty = prime` or `duty = continuous`",
    "recip": "beside the grid it runs with `duty = prime` or `duty = continuous`",
    "ppa": "the price of its energy is `price`",
    "crac": "a unit with a compressor of its own is a `crah` and a `chiller`",
    "rdhx": "a door that cools the air of its rack is a `crah`",
}
"""Remarks on synonyms. A remark that names an attribute or kind that there is not is left out."""

NO_KIND = {
    "ats": "transfer switches are not modelled: the `start` of a `generator` is the time that they need, too",
    "switchgear": "switchgear is not modelled: what its breakers let through is the `rating` of a `pdu` or `busway`",
    "swgr": "switchgear is not modelled: what its breakers let through is the `rating` of a `pdu` or `busway`",
    "breaker": "breakers are not modelled: `continuous = 80%` of a `pdu` or `busway` is what they carry without end",
    "pump": "pumps are not modelled: the `flow` of a `cdu` is what they give",
    "phase": "what comes later has `from`, or is a step of a schedule: `count = [10 from 2026-01, 20 from 2027-01]`",
    "position": "rack positions are an attribute of a hall or building: `positions = 40`",
    "positions": "rack positions are an attribute of a hall or building: `positions = 40`",
    "aisle": "rows are an attribute of a hall: `rows = 20`",
    "scenarios": "a `scenario` stands at the top level",
    "parameter": "a value of one's own is a `let`",
    "output": "a figure to follow is a `measure`",
    "metric": "a figure to follow is a `measure`",
    "kpi": "a figure to follow is a `measure`",
    "constraint": "a rule of one's own is a `require`",
    "capex": "what a thing costs is its `price`",
    "opex": "what a thing costs is its `price`",
    "vendor": "who makes a thing stands in its title or `note`",
    "customer": "who uses a thing stands in its title or `tags`",
    "tenant": "who uses a thing stands in its title or `tags`",
}
"""Words of the trade for which there is no kind, and what to write instead."""

_ATTRIBUTES = {
    "horizon": "start end years period window timeframe horizon_years",
    "as_of": "date today now",
    "between": "to a_end z_end ends endpoints sites target src dst nodes a z a_side z_side",
    "from": "start starts start_date from_date begin begins since go_live golive ready ready_date rfs cod in_service "
    "online energized energization effective available",
    "until": "end ends end_date to_date until_date stop expires expiry retire retired decommission eol sunset",
    "by": "date deadline due when on",
    "holds": "condition target requires test criterion",
    "at": "location coordinates coords latlon lat_lon lat_long lat lon lng latitude longitude position geo gps place",
    "load": "power it_load it_power load_mw draw consumption mw demand",
    "budget": "capacity critical_load critical_power it_budget it_capacity power_budget max_power max_load rating",
    "power": "tdp watts max_power draw load consumption power_draw rating capacity",
    "rating": "capacity power kw kva mva mw size nameplate output output_power rated_power unit_rating unit_power",
    "capacity": "rating power kw mw tons size cooling_capacity heat heat_capacity heat_rejection output firm "
    "import_limit contracted limit max_capacity grid_capacity",
    "count": "qty quantity number num n units amount pcs racks rack_count systems servers installed how_many",
    "positions": "racks rack_count rack_positions cabinets slots",
    "redundancy": "redundant redundancy_level resilience resiliency spare spares",
    "efficiency": "eta eff losses loss",
    "power_factor": "pf cosphi cos_phi powerfactor",
    "autonomy": "runtime battery_time backup_time ride_through hold_up holdup autonomy_time",
    "energy": "mwh kwh energy_mwh storage energy_capacity",
    "derate": "derating",
    "start": "start_time startup startup_time",
    "step": "block_load step_load",
    "fuel": "fuel_type",
    "serves": "feeds supplies powers cools loads downstream",
    "price": "cost capex unit_price unit_cost unitprice msrp tariff energy_price",
    "lead_time": "leadtime lead delivery delivery_time",
    "system": "model sku type gpu server rack hardware product item",
    "nameplate": "rated_power label_power",
    "average": "typical typical_power avg_power avg mean average_power",
    "peak": "peak_power edpp",
    "liquid": "liquid_share dlc liquid_cooled liquid_cooling liquid_fraction",
    "supply_max": "max_supply supply_temp max_inlet inlet inlet_temp inlet_temperature",
    "height": "u ru rack_units rus",
    "mass": "weight",
    "footprint": "area floor_area",
    "nic": "nic_speed nic_rate speed",
    "accelerators": "gpus gpu_count num_gpus accelerator_count chips",
    "accelerator": "gpu chip",
    "load_factor": "utilization utilisation duty_cycle",
    "storeys": "floors stories levels",
    "area": "floor_area sqft size footprint square_feet gross_area",
    "floor_load": "floor_loading slab_load structural_load",
    "density": "kw_per_rack rack_density max_density rack_power power_density",
    "rack_mass": "rack_weight empty_rack",
    "rack_limit": "rack_load static_load rack_rating",
    "rows": "row_count",
    "row_budget": "row_power",
    "survives": "survive tolerates withstands fault_tolerance protection resilience failures resilient_to",
    "tenure": "owner ownership lease",
    "status": "phase stage",
    "region": "state country market",
    "pue": "annual_pue average_pue pue_avg avg_pue",
    "peak_pue": "pue_peak design_pue max_pue",
    "design_dry_bulb": "dry_bulb db ambient temp temperature design_temp outdoor_temperature design_temperature",
    "design_wet_bulb": "wet_bulb wb",
    "carbon": "carbon_intensity ci emissions co2",
    "supply": "supply_temp supply_temperature chw_supply leaving_temperature lwt limit permit max allocation",
    "rise": "dt delta_t temperature_rise",
    "approach": "approach_temperature",
    "flow": "flow_rate flowrate gpm lpm",
    "fans": "fan_power",
    "wue": "water_usage",
    "voltage": "voltage_kv kv",
    "length": "distance km miles route_length",
    "fiber_pairs": "fiber fibers fibre fibres pairs fiber_count fp fiber_pair",
    "line": "line_system dwdm",
    "conduits": "conduit srlg path paths route routes duct ducts",
    "rate": "bandwidth capacity speed traffic gbps volume throughput",
    "latency": "rtt max_latency latency_max delay round_trip",
    "channels": "wavelengths lambdas",
    "spacing": "grid channel_spacing",
    "span": "span_length amplifier_spacing",
    "baud": "baud_rate symbol_rate",
    "ports": "port_count radix",
    "split": "breakout",
    "reach": "distance range max_distance",
    "strands": "fibers fibres",
    "connects": "connect deploys nodes members systems endpoints gpus",
    "topology": "type architecture",
    "oversubscription": "oversub oversubscription_ratio blocking contention ratio",
    "tiers": "layers levels stages",
    "switch": "switches leaf spine router model",
    "transceiver": "optic optics module pluggable transceivers",
    "note": "comment comments notes remark description desc",
    "source": "reference ref citation url",
    "tags": "labels tag",
}

NO_ATTRIBUTE = {
    "name title label id": 'a title stands behind the name of its block: `{kind} {name} "Title" {{ … }}`',
    "for_each instances replicas": "blocks that are alike are a range: `{kind} {name}[1..4] {{ … }}`",
    "depends_on requires_block": "order never matters, and what a block needs follows from its figures",
    "enabled disabled active": "what is not there yet has `from`, and what is there no longer `until`",
    "tier tier_level": "a tier is not written: `maintains` and `survives` say what may be out, and what may be lost",
    "parent extends inherits template base": "what a block starts from stands in its header: `{kind} {name} is base`",
    "kind type_of": "the kind is the first word of the block",
    "vendor maker manufacturer model sku brand": "who makes it stands in the title or the `note`",
    "eer seer": "an EER is 3.412 times the COP: write `cop`",
    "sla availability uptime": "availability is not reckoned: `survives` says which failures must do no harm",
}
"""Words that are no attribute, and what to write instead."""

LOSSES = frozenset({"losses", "loss"})
"""Synonyms whose figure is 1 minus that of the attribute."""

_WORDS = {
    "live": "built active operational operating online running in_service energized complete completed done existing "
    "open commissioned on",
    "construction": "under_construction in_construction building constructing",
    "planned": "announced proposed future draft permitted approved design pipeline contracted",
    "owned": "own purchased self_build",
    "leased": "lease rent rented tenant",
    "colocation": "colo hosted co_location",
    "site": "node nodes router routers pop campus campuses datacenter building",
    "conduit": "duct trench route fiber fibre cable srlg row right_of_way path conduits",
    "link": "span edge circuit line connection links",
    "clos": "fat_tree fattree leaf_spine spine_leaf folded_clos three_tier two_tier",
    "rail_optimized": "rail rails",
    "accelerator": "gpu gpus chip",
    "tray": "node server host",
    "facility": "all total site building everything",
    "it": "critical it_load",
    "pg25": "glycol pg propylene_glycol",
    "liquid": "water coolant",
    "both": "all any",
}

OFF = frozenset({"none", "paused", "dropped"})
"""Words that switch checks off: they are listed with the others, and never suggested."""

REDUNDANCIES = {
    "none no n_a zero": "write `N`: no unit is spare",
    "full dual fully_redundant": "write `2N`",
    "yes true": "write which, as `N+1` or `2N`",
    "dr distributed distributed_redundant": "write `4N/3` or `3N/2`: so many sets of which one may be lost",
    "block_redundant catcher br": "write `N+1`; a reserve block that catches the load of others has `catcher = true`",
    "tier3 tier_3 tieriii tier_iii concurrently_maintainable cm": "write `N+1`, or `2N` for two paths, and `maintains`",
    "tier4 tier_4 tieriv tier_iv fault_tolerant": "write `2N`, and what may fail in `survives`",
}
"""Other words for a redundancy, and what to write instead."""


def inverted(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """What each word of a table stands for, in the order of the table."""
    found: dict[str, tuple[str, ...]] = {}
    for meant, words in table.items():
        for word in words.split():
            found[word] = (*found.get(word, ()), meant)
    return found


KIND_OF = inverted(_KINDS)
ATTRIBUTE_OF = inverted(_ATTRIBUTES)
WORD_OF = inverted(_WORDS)
