//! A hotel booking, with the outcomes of the public booking data of two hotels (Antonio, de Almeida and Nunes, *Hotel
//! booking demand datasets*, Data in Brief 22, 2019): checked out, cancelled, or no-show, with or without a deposit.

use cohesive::prelude::*;

#[derive(Id)]
pub struct BookingId(String);

/// Where a booking stands.
#[derive(Lifecycle)]
pub enum BookingStatus {
    #[initial]
    Booked,
    /// The guest has the room.
    CheckedIn,
    #[terminal]
    CheckedOut,
    #[terminal]
    Cancelled,
    /// The guest never came.
    #[terminal]
    NoShow,
}

/// What is paid before the guest comes.
#[derive(Value)]
pub enum Deposit {
    None,
    Refundable,
    NonRefund,
}

/// A booking of one room.
#[entity]
pub struct Booking {
    #[id]
    pub id: BookingId,
    #[lifecycle]
    pub status: BookingStatus,
    #[field(pii, length(1..=100))]
    pub guest: String,
    #[field(range(1..=8))]
    pub adults: i32,
    #[field(default = 0, range(0..=8))]
    pub children: i32,
    pub arrival: Date,
    #[field(check(LeavesAfterArrival: self.departure > self.arrival, "a guest leaves after arriving"))]
    pub departure: Date,
    #[field(pattern("[A-Z]", "a room type is one capital letter"))]
    pub room_type: String,
    #[field(write_once, pattern("[0-9]{3}"))]
    pub room: Option<String>,
    /// What a night costs.
    #[field(range(Decimal::ZERO..))]
    pub rate: Money,
    #[field(write_once)]
    pub deposit: Deposit,
    /// What the guest cannot do without.
    #[field(length(..=5))]
    pub requests: BTreeSet<String>,
}

/// What others have to know of a booking.
#[event]
pub enum BookingEvent {
    RoomBooked { booking_id: BookingId, room_type: String, arrival: Date, departure: Date },
    GuestCheckedIn { booking_id: BookingId, room: String },
    GuestCheckedOut { booking_id: BookingId, amount: Money },
    BookingEnded { booking_id: BookingId, keeps_deposit: bool },
}

#[transitions]
impl Booking {
    /// Somebody books a room.
    #[create]
    pub fn book(
        id: BookingId,
        #[field(pii)] guest: String,
        adults: i32,
        children: i32,
        arrival: Date,
        departure: Date,
        room_type: String,
        rate: Money,
        deposit: Deposit,
    ) -> Self {
        requires!(AtMostEight: adults + children <= 8, "a room holds eight people");
        emit!(RoomBooked { booking_id: id, room_type, arrival, departure });
        Self { id, guest, adults, children, arrival, departure, room_type, rate, deposit }
    }

    /// The guest asks for something.
    #[transition(Booked)]
    pub fn ask_for(&mut self, #[field(length(1..=80))] request: String) {
        self.requests.insert(request);
    }

    /// The guest changes the days of the stay.
    #[transition(Booked, conflict = strict)]
    pub fn move_to(&mut self, arrival: Date, departure: Date) {
        requires!(NotFixed: self.deposit != Deposit::NonRefund, "a booking with a fixed deposit is not moved");
        self.arrival = arrival;
        self.departure = departure;
    }

    /// The guest has come.
    #[transition(Booked => CheckedIn)]
    pub fn check_in(&mut self, room: String, today: Date) {
        requires!(NotEarly: today >= self.arrival, "the room is not free before the day of arrival");
        requires!(NotLate: today < self.departure, "the stay is over");
        self.room = Some(room);
        emit!(GuestCheckedIn { booking_id: self.id, room });
    }

    /// The guest leaves and pays for the nights.
    #[transition(CheckedIn => CheckedOut)]
    pub fn check_out(&mut self, nights: i32) {
        requires!(AtLeastOne: nights >= 1, "a stay has at least one night");
        emit!(GuestCheckedOut { booking_id: self.id, amount: self.rate * Decimal::from(nights) });
    }

    /// The guest cancels; a fixed deposit stays with the hotel.
    #[transition(Booked => Cancelled)]
    pub fn cancel(&mut self) {
        emit!(BookingEnded { booking_id: self.id, keeps_deposit: self.deposit == Deposit::NonRefund });
    }

    /// The day of arrival is over and the guest has not come; any deposit stays with the hotel.
    #[transition(Booked => NoShow)]
    pub fn mark_no_show(&mut self, today: Date) {
        requires!(DayIsOver: today > self.arrival, "the guest may still come");
        emit!(BookingEnded { booking_id: self.id, keeps_deposit: self.deposit != Deposit::None });
    }

    /// Who is in the house has a room.
    #[invariant]
    fn guests_have_rooms(&self) -> bool {
        !matches!(self.status, BookingStatus::CheckedIn | BookingStatus::CheckedOut) || self.room.is_some()
    }

    /// A room holds eight people.
    #[invariant]
    fn at_most_eight_people(&self) -> bool {
        self.adults + self.children <= 8
    }
}
